// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import TrainingJobs

/// A month two ways for a terminal.
package struct MonthView: Sendable {
    private let study: MonthStudy

    package init(_ study: MonthStudy) { self.study = study }

    package var text: String {
        let job = study.terms.jobText
        let lines =
            ["\(job): a month of \(NumberText.count(study.arithmetic.nights, "night")), two ways", ""]
            + Self.arithmetic(study.arithmetic) + [""] + simulated + ["", " what the simple arithmetic leaves out:"]
            + MonthOmissions(study.arithmetic, of: study.terms).sentences.map { "   \($0)" }
            + ["", " where the figures come from:"]
            + (study.sources + study.markets).map { "   \(TerminalText.sanitized($0))" }
            + ["   simulated months are drawn night by night, as if nights had nothing to do with each other"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The scenarios, each with its sum in words.
    static func arithmetic(_ month: MonthArithmetic) -> [String] {
        var table = TextTable([("by arithmetic", .left), ("a month", .right), ("", .right), ("the sum", .left)])
        let baseline = month.scenario(.baseline).cost
        for scenario in month.scenarios {
            let change =
                scenario.name == .baseline ? "" : MonthWords.change(scenario.cost, from: baseline)
            table.add([MonthWords.name(scenario.name), scenario.cost.text, change, scenario.words])
        }
        return table.lines
    }

    private var simulated: [String] {
        let nights = study.result.nights.count
        // One night that stands for all has no percentiles.
        let spans = nights == 1 ? [] : ["p10", "p50", "p90"]
        var table = TextTable(
            [("by simulation", .left), ("a month", .right)] + spans.map { ($0, .right) } + [("", .right)])
        func row(_ name: String, _ spread: MonthSpread, _ change: String) {
            let amounts = nights == 1 ? [] : [spread.p10.text, spread.p50.text, spread.p90.text]
            table.add([name, spread.mean.text] + amounts + [change])
        }
        let baseline = study.onDemandSpread
        // A job of on-demand alone is its own baseline.
        if let baseline, study.result.policy != .onDemandOnly { row("on-demand", baseline, "") }
        row(
            study.result.policy.rawValue, study.spread,
            baseline.map { MonthWords.change(study.spread.mean, from: $0.mean) } ?? "")
        let point = [
            " no spread: the market leaves nothing to chance, so one night stands for all; a market that is drawn (docs/market"
                + "-file.md) or --trace gives one"
        ]
        return table.lines + (nights == 1 ? point : []) + [
            " of \(NumberText.count(nights, "simulated night")): in a month "
                + "\(NumberText.tenths(study.interruptedNights)) nights interrupted, "
                + "\(NumberText.tenths(study.fallbackNights)) with on-demand, \(NumberText.tenths(study.lateNights)) not "
                + "in time"
        ]
    }
}

/// A month's scenarios in words.
enum MonthWords {
    static func name(_ name: MonthArithmetic.Scenario.Name) -> String {
        switch name {
        case .baseline: "baseline: on-demand"
        case .ideal: "ideal: Spot, undisturbed"
        case .interruptions: "realistic: interruptions"
        case .fallback: "pessimistic: fallback"
        case .both: "both together"
        }
    }

    /// `−64.80 %`, two places; halves away from zero.
    static func change(_ cost: Money, from baseline: Money) -> String {
        guard baseline.units > 0 else { return "not found" }
        let difference = cost.units - baseline.units
        let scaled = (difference.magnitude * 20000 + baseline.units.magnitude) / (baseline.units.magnitude * 2)
        let rest = scaled % 100
        return "\(difference < 0 ? "−" : "+")\(scaled / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
