// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
import TrainingJobs

/// A study of policies for a terminal: a row a policy, then what it rests on.
package struct SimulationView: Sendable {
    private let report: SimulationReport

    package init(_ report: SimulationReport) { self.report = report }

    package var text: String {
        let words = SimulationWords(report: report)
        let width = words.assumptions.map(\.name.count).max() ?? 0
        let assumptions = words.assumptions.map { line in
            " \(line.name)\(String(repeating: " ", count: width - line.name.count))  "
                + TerminalText.sanitized(line.words)
        }
        let lines =
            [TerminalText.sanitized(words.title), ""] + table + ["", " \(words.measures)"]
            + (words.lateness.map { [" \($0)"] } ?? []) + [""] + assumptions
            + [" not modelled:"] + SimulationWords.notModelled.map { "   \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private var table: [String] {
        var table = TextTable(
            SimulationRow.titles.enumerated().map { ($0.element, $0.offset == 0 ? .left : .right) })
        for result in report.results { table.add(SimulationRow(result, in: report).cells) }
        return table.lines
    }
}

/// One policy's row, the same on a terminal and on a page.
struct SimulationRow {
    static let titles = [
        "policy", "mean", "p10", "p50", "p90", "of on-demand", "of optimum", "on time", "95 %", "interruptions",
        "redone", "on Spot",
        "on on-demand",
    ]

    let cells: [String]

    init(_ result: PolicyResult, in report: SimulationReport) {
        cells = [
            result.policy.rawValue, result.mean.text, result.percentile(10).text, result.percentile(50).text,
            result.percentile(90).text, report.ofOnDemand(result).map(NumberText.ratio) ?? "not found",
            report.ofOptimum(result).map(NumberText.ratio) ?? "not found",
            SimulationWords.onTime(result), SimulationWords.interval(result),
            NumberText.tenths(result.meanInterruptions), DurationText.short(result.meanRedone),
            DurationText.short(result.meanOnSpot), DurationText.short(result.meanOnDemand),
        ]
    }
}
