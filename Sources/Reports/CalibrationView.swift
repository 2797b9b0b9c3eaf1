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
                "trace", "night", "P said", "p10 of P", "p90 of P", "seen", "counted", "p10", "p90", "within", "shared",
                "below",
                "above",
            ].enumerated().map { ($0.element, $0.offset < 2 ? .left : .right) })
        for one in cases {
            let own = CalibrationScore([one])
            table.add([
                one.trace, one.shape, NumberText.ratio(one.forecast.onTimeOnSpotAlone),
                NumberText.ratio(one.shares.lowerBound), NumberText.ratio(one.shares.upperBound),
                NumberText.ratio(own.baseRate), NumberText.ratio(one.climatology),
                one.forecast.cost(percentile: 10).text, one.forecast.cost(percentile: 90).text,
                NumberText.ratio(own.within), NumberText.ratio(own.coverage), NumberText.ratio(own.below),
                NumberText.ratio(own.above),
            ])
        }
        var bins = TextTable([("P said", .right), ("seen", .right), ("forecasts", .right), ("nights", .right)])
        for bin in score.bins {
            bins.add([NumberText.ratio(bin.said), NumberText.ratio(bin.seen), "\(bin.forecasts)", "\(bin.nights)"])
        }
        var traces = TextTable([("trace", .left), ("cost shared", .right), ("shares inside", .right)])
        for (trace, own) in Dictionary(grouping: cases, by: \.trace).sorted(by: { $0.key < $1.key }) {
            let score = CalibrationScore(own)
            traces.add([trace, NumberText.ratio(score.coverage), "\(score.sharesWithin) of \(score.cases)"])
        }
        let bands = CalibrationBands(cases)
        func band(_ range: ClosedRange<Double>) -> String {
            "\(NumberText.ratio(range.lowerBound)) to \(NumberText.ratio(range.upperBound)) with other traces (bootstrap, 90 %)"
        }
        let width = cases.reduce(0) { $0 + $1.shares.upperBound - $1.shares.lowerBound } / Double(cases.count)
        let sums = [
            "\(cases.count) forecasts from first halves, \(score.nights) nights of second halves",
            "cost between p10 and p90: \(NumberText.ratio(score.coverage)) of the nights, equal costs shared "
                + "(below \(NumberText.ratio(score.below)), above \(NumberText.ratio(score.above))); a right forecast has 0.800",
            "  with both ends included: \(NumberText.ratio(score.within)), of which the forecasts expected "
                + NumberText.ratio(score.expectedWithin),
            "  \(band(bands.coverage))",
            "the share of a half's nights on time on Spot alone: between its p10 and p90 in \(score.sharesWithin) of "
                + "\(score.cases) cases, \(NumberText.ratio(score.sharesCoverage)); the interval is "
                + "\(NumberText.ratio(width)) wide on average",
            "  \(band(bands.shares))",
            "P(on time on Spot alone): Brier score \(NumberText.ratio(score.brier)); who says the base rate of these "
                + "nights, \(NumberText.ratio(score.baseRate)), has \(NumberText.ratio(score.baseRateBrier))",
            "  who counts the nights of the half before, with 8 more of which half are on time, has "
                + "\(NumberText.ratio(score.climatologyBrier)); forecasts less that: \(NumberText.ratio(score.brier - score.climatologyBrier)), "
                + band(bands.gain),
        ]
        return (table.lines + [""] + traces.lines + [""] + bins.lines + [""] + sums.map { " \($0)" }).joined(
            separator: "\n") + "\n"
    }
}
