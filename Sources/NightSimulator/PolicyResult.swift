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
