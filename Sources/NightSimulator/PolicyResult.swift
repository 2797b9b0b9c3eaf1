// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a policy came to over many nights, in order of their numbers. There is at least one.
package struct PolicyResult: Hashable, Sendable {
    package let policy: PolicyName
    package let nights: [NightFacts]
    private let sorted: [Money]

    package init(_ policy: PolicyName, _ nights: [NightFacts]) {
        precondition(!nights.isEmpty, "a policy without nights")
        self.policy = policy
        self.nights = nights
        sorted = nights.map(\.cost).sorted()
    }

    package var total: Money { nights.reduce(.zero) { $0 + $1.cost } }

    /// Rounded toward zero in the finest unit.
    package var mean: Money { Money(units: total.units / Int128(nights.count)) }

    /// The least cost that so many percent of the nights did not exceed (nearest rank).
    package func percentile(_ percent: Int) -> Money {
        precondition((1...100).contains(percent), "percentile \(percent)")
        return sorted[(nights.count * percent + 99) / 100 - 1]
    }

    /// Nights that ended without a new model: what those cost is no price of one.
    package var withoutModel: Int { nights.count { $0.shortfall != nil } }
    package var everyNightMadeModel: Bool { withoutModel == 0 }

    /// Why nights ended without a model, and how many of them, in a fixed order.
    package var shortfalls: [(why: Shortfall, nights: Int)] {
        Dictionary(grouping: nights.compactMap(\.shortfall), by: \.self)
            .map { (why: $0.key, nights: $0.value.count) }.sorted { $0.why.code < $1.why.code }
    }

    package var onTime: Int { nights.count { $0.isOnTime } }
    package var onTimeInterval: WilsonInterval { WilsonInterval(onTime, of: nights.count) }
    package var meanInterruptions: Double { mean { Double($0.interruptions) } }
    package var meanRestarts: Double { mean { Double($0.restarts) } }
    package var meanRedone: Duration { mean(\.redone) }
    package var meanOnSpot: Duration { mean(\.onSpot) }
    package var meanOnDemand: Duration { mean(\.onDemand) }

    /// Of the other's total; `nil` when that is nothing.
    package func ratio(to other: PolicyResult) -> Double? {
        other.total > .zero ? Double(total.units) / Double(other.total.units) : nil
    }

    /// The number of the first night at that place by cost.
    package func night(atPercentile percent: Int) -> Int {
        let cost = percentile(percent)
        return nights.firstIndex { $0.cost == cost } ?? 0
    }

    private func mean(_ value: (NightFacts) -> Double) -> Double {
        nights.reduce(0) { $0 + value($1) } / Double(nights.count)
    }

    private func mean(_ value: (NightFacts) -> Duration) -> Duration {
        .milliseconds(nights.reduce(0) { $0 + value($1).milliseconds } / Int64(nights.count))
    }
}

/// Why a night has no new model.
package enum Shortfall: Hashable, Sendable {
    case kept(KeptReason)
    case failed
    /// Its record ends before it does.
    case unfinished

    /// Stable: documents have it.
    package var code: String {
        switch self {
        case .kept(let reason): reason.rawValue
        case .failed: "failed"
        case .unfinished: "unfinished"
        }
    }
}

extension NightFacts {
    /// `nil` when the model was made, late or not.
    package var shortfall: Shortfall? {
        switch outcome {
        case .completed: nil
        case .keptPrevious(let reason): .kept(reason)
        case .failed: .failed
        case nil: readyAt == nil ? .unfinished : nil
        }
    }
}
