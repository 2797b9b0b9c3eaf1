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
            + [words.lateness, words.unfinished].compactMap { $0.map { " \($0)" } }
            + report.warnings.map { " \(TerminalText.sanitized($0))" } + [""] + assumptions
            + [" not modelled:"] + SimulationWords.notModelled.map { "   \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private var table: [String] {
        let study = SimulationTable(report)
        var table = TextTable(study.titles.enumerated().map { ($0.element, $0.offset == 0 ? .left : .right) })
        for row in study.rows { table.add(row) }
        return table.lines
    }
}
