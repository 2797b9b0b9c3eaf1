// SPDX-License-Identifier: Apache-2.0

package import Drills

/// All that the runs of a drill logged, as a table: one row for each value, in order of the log.
package enum DrillCSV {
    package static func text(_ report: DrillReport) -> String {
        var rows = ["run,stay,resumed_from,units,metric,value"]
        for run in report.controls + report.verdicts.map(\.run) {
            for (index, stay) in run.stays.enumerated() {
                let from = stay.restored.map { NumberText.exact($0.units) } ?? ""
                for value in stay.values {
                    rows.append(
                        "\(cell(run.name)),\(index + 1),\(from),\(NumberText.exact(value.units)),\(cell(value.metric)),"
                            + "\(NumberText.exact(value.value))")
                }
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private static func cell(_ text: String) -> String {
        let text = TerminalText.sanitized(text)
        return text.contains(where: { ",\"\n".contains($0) })
            ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
