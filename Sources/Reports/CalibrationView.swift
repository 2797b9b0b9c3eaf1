// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
import TrainingJobs

/// What forecasts were worth, for a terminal.
package struct CalibrationView: Sendable {
    private let score: CalibrationScore
    private let cases: [CalibrationCase]

    package init(_ cases: [CalibrationCase]) {
        self.cases = cases
        score = CalibrationScore(cases)
    }

    package var text: String {
        var table = TextTable(
            [
                "trace", "night", "P said", "p10 of P", "p90 of P", "seen", "p10", "p90", "within", "shared", "below",
                "above",
            ].enumerated().map { ($0.element, $0.offset < 2 ? .left : .right) })
        for one in cases {
            let own = CalibrationScore([one])
            table.add([
                one.trace, one.shape, NumberText.ratio(one.forecast.onTimeOnSpotAlone),
                NumberText.ratio(one.shares.lowerBound), NumberText.ratio(one.shares.upperBound),
                NumberText.ratio(own.baseRate),
                one.forecast.cost(percentile: 10).text, one.forecast.cost(percentile: 90).text,
                NumberText.ratio(own.within), NumberText.ratio(own.coverage), NumberText.ratio(own.below),
                NumberText.ratio(own.above),
            ])
        }
        var bins = TextTable([("P said", .right), ("seen", .right), ("forecasts", .right), ("nights", .right)])
        for bin in score.bins {
            bins.add([NumberText.ratio(bin.said), NumberText.ratio(bin.seen), "\(bin.forecasts)", "\(bin.nights)"])
        }
        let sums = [
            "\(cases.count) forecasts from first halves, \(score.nights) nights of second halves",
            "cost between p10 and p90: \(NumberText.ratio(score.coverage)) of the nights, equal costs shared "
                + "(below \(NumberText.ratio(score.below)), above \(NumberText.ratio(score.above))); a right forecast has 0.800",
            "  with both ends included: \(NumberText.ratio(score.within)), of which the forecasts expected "
                + NumberText.ratio(score.expectedWithin),
            "P(on time on Spot alone): Brier score \(NumberText.ratio(score.brier)); who says the base rate of these "
                + "nights, \(NumberText.ratio(score.baseRate)), has \(NumberText.ratio(score.baseRateBrier))",
            "  the share of a half's nights: between its p10 and p90 in \(score.sharesWithin) of \(cases.count) cases",
        ]
        return (table.lines + [""] + bins.lines + [""] + sums.map { " \($0)" }).joined(separator: "\n") + "\n"
    }
}
