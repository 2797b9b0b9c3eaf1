// SPDX-License-Identifier: Apache-2.0

import SpotMarket
package import TrainingJobs

/// What so many nights cost together, resampled from single nights: months are drawn with replacement, as if nights had
/// nothing to do with each other. Weeks in which a whole region is short make real months spread wider.
package struct MonthSpread: Codable, Hashable, Sendable {
    package let nights: Int
    package let mean: Money
    package let p10: Money
    package let p50: Money
    package let p90: Money

    private static let months = 4000
    private static let seed: UInt64 = 0x6e69_6768_7473

    /// `nil` without nights to draw from. The same nights give the same spread.
    package init?(_ costs: [Money], nights: Int) {
        guard !costs.isEmpty, nights >= 0 else { return nil }
        self.nights = nights
        let total = costs.reduce(Money.zero, +)
        mean = Money(units: total.units * Int128(nights) / Int128(costs.count))
        var generator = SplitMix64(seed: Self.seed)
        let sums = (0..<Self.months).map { _ in
            (0..<nights).reduce(Money.zero) { sum, _ in sum + costs[generator.below(costs.count)] }
        }.sorted()
        p10 = sums[Self.months / 10 - 1]
        p50 = sums[Self.months / 2 - 1]
        p90 = sums[Self.months * 9 / 10 - 1]
    }

    package var isPoint: Bool { p10 == p90 }

    /// `$410.20 (p10 $380.00, p90 $452.10)`
    package var text: String { isPoint ? mean.text : "\(mean.text) (p10 \(p10.text), p90 \(p90.text))" }
}
