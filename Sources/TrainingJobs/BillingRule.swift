// SPDX-License-Identifier: Apache-2.0

/// What a platform charges for time that it reported, by its documented rules.
package struct BillingRule: Hashable, Sendable {
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

    /// The reported usage of a launch that is over, as it is charged. Where the on-demand rate was never priced, the
    /// reported rates stay.
    package func charged(_ usage: [Usage], after end: EndReason, in terms: NightTerms?) -> [Usage] {
        switch platform {
        case .plain:
            return usage
        case .freeFirstHour:
            guard offer.purchase == .spot, case .interrupted = end else { return usage }
            let used = usage.reduce(Duration.zero) { $0 + ($1.until - $1.from) }
            return used < .hours(1) ? [] : usage
        case .billableSeconds:
            let onDemand = terms?.offers.first {
                $0.offer.purchase == .onDemand && $0.offer.instanceType == offer.instanceType
                    && $0.offer.region == offer.region
            }
            guard let rate = onDemand?.rate, offer.purchase == .spot else { return usage }
            return usage.map { Usage(from: $0.from, until: $0.until, rate: rate) }
        }
    }
}
