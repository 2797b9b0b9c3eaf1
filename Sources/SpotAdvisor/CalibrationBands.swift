// SPDX-License-Identifier: Apache-2.0

import SpotMarket

/// How far scores would have come out elsewhere with other traces of the same kind: nine tenths of the scores of as many
/// traces, drawn from these with replacement (a bootstrap whose unit is the trace, not the night).
package struct CalibrationBands: Hashable, Sendable {
    private static let draws = 2000

    /// Of the share of nights whose cost was covered.
    package let coverage: ClosedRange<Double>
    /// Of the share of cases whose share on time on Spot alone was covered.
    package let shares: ClosedRange<Double>
    /// Of the Brier score less climatology's: below zero, forecasts are better.
    package let gain: ClosedRange<Double>

    package init(_ cases: [CalibrationCase]) {
        let traces = Dictionary(grouping: cases, by: \.trace).sorted { $0.key < $1.key }
            .map { Sums(CalibrationScore($0.value)) }
        var random = SplitMix64(seed: 3)
        let draws = (0..<Self.draws).map { _ in
            traces.reduce(Sums()) { sum, _ in sum + traces[random.below(traces.count)] }
        }
        func band(_ value: (Sums) -> Double) -> ClosedRange<Double> {
            let sorted = draws.map(value).sorted()
            return sorted[Self.draws / 20]...sorted[Self.draws - 1 - Self.draws / 20]
        }
        coverage = band { $0.covered / $0.nights }
        shares = band { $0.sharesWithin / $0.cases }
        gain = band { $0.gain / $0.nights }
    }

    private struct Sums {
        var (nights, covered, gain, cases, sharesWithin) = (0.0, 0.0, 0.0, 0.0, 0.0)

        init() {}

        init(_ score: CalibrationScore) {
            nights = Double(score.nights)
            covered = score.coverage * nights
            gain = (score.brier - score.climatologyBrier) * nights
            cases = Double(score.cases)
            sharesWithin = Double(score.sharesWithin)
        }

        static func + (left: Self, right: Self) -> Self {
            var sum = left
            sum.nights += right.nights
            sum.covered += right.covered
            sum.gain += right.gain
            sum.cases += right.cases
            sum.sharesWithin += right.sharesWithin
            return sum
        }
    }
}
