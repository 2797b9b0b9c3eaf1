// SPDX-License-Identifier: Apache-2.0

/// What a platform charges for time that it reported, by its documented rules.
package struct BillingRule: Hashable, Sendable {
    /// A launch's usage as it is charged.
    package struct Charge: Hashable, Sendable {
        package var usage: [Usage] = []
        /// Stays that the platform takes no money for, at the rate that they would have had.
        package var free: [Usage] = []
    }

    private enum Platform {
        /// Every second at its rate.
        case plain
        /// EC2, and Batch on it: an interruption in the first hour by EC2 itself is not charged (Linux).
        case freeFirstHour
        /// Managed Spot is fewer billable seconds at the on-demand rate; a Spot rate would discount twice.
        case billableSeconds
    }

    private let platform: Platform
    private let offer: Offer

    package init(_ offer: Offer) {
        self.offer = offer
        platform =
            switch offer.backend {
            case "ec2", "batch": .freeFirstHour
            case "sagemaker": .billableSeconds
            default: .plain
            }
    }

    /// Billed time is shorter than the stay by the discount, and does not say which seconds it means.
    package var billsShareOfStay: Bool { platform == .billableSeconds && offer.purchase == .spot }

    /// The reported usage of a launch that is over, as it is charged; `nil` where that hangs on an on-demand rate
    /// which was never priced. `begins` are the instants at which a machine was granted to the launch.
    package func charge(
        _ usage: [Usage], begins: [Instant], after end: EndReason, in terms: NightTerms?
    ) -> Charge? {
        guard offer.purchase == .spot else { return Charge(usage: usage) }
        switch platform {
        case .plain:
            return Charge(usage: usage)
        case .freeFirstHour:
            var charge = Charge()
            let stays = Self.stays(usage, begins)
            for (index, stay) in stays.enumerated() {
                // A stay that another one follows was ended by the platform, which asked for a machine again.
                var isTaken = index + 1 < stays.count
                if case .interrupted = end { isTaken = true }
                let length = stay.reduce(Duration.zero) { $0 + ($1.until - $1.from) }
                if isTaken, length < .hours(1) { charge.free += stay } else { charge.usage += stay }
            }
            return charge
        case .billableSeconds:
            guard let rate = terms?.onDemand(like: offer)?.rate else { return nil }
            return Charge(usage: usage.map { Usage(from: $0.from, until: $0.until, rate: rate) })
        }
    }

    /// What this platform reports of a stay that costs `stay`: managed Spot tells the discount in billable seconds, up to
    /// a millisecond. Without an on-demand rate there are none to tell.
    package func reported(_ stay: [Usage], onDemand: HourlyRate?) -> [Usage] {
        guard billsShareOfStay, let first = stay.first, let onDemand, onDemand.microdollars > 0 else { return stay }
        let (cost, rate) = (stay.reduce(Money.zero) { $0 + $1.cost }.units, Int128(onDemand.microdollars))
        let length = stay.reduce(Duration.zero) { $0 + ($1.until - $1.from) }
        let billable = min(length, .milliseconds(Int64((cost + rate - 1) / rate)))
        return [Usage(from: first.from, until: first.from + billable, rate: onDemand)]
    }

    /// A price that changes cuts a stay; a gap, or a new machine, ends it.
    private static func stays(_ usage: [Usage], _ begins: [Instant]) -> [[Usage]] {
        var stays: [[Usage]] = []
        for stretch in usage {
            if let last = stays.last?.last, last.until == stretch.from, !begins.contains(stretch.from) {
                stays[stays.count - 1].append(stretch)
            } else {
                stays.append([stretch])
            }
        }
        return stays
    }
}
