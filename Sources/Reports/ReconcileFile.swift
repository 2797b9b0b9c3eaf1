// SPDX-License-Identifier: Apache-2.0

/// A cloud's bill as it was exported: lines of CUR 2.0 or of FOCUS.
package struct ReconcileFile: Hashable, Sendable {
    package enum Format: String, Codable, Hashable, Sendable, CaseIterable {
        case cur = "CUR 2.0"
        case focus = "FOCUS"
    }

    package struct Line: Hashable, Sendable {
        package var resource: String
        /// The tag `nightshift:night`; empty without it.
        package var night: String
        package var cost: FocusDecimal
        /// Machine hours; `nil` for what is not charged by time, such as storage, tax and credits.
        package var hours: FocusDecimal?
    }

    /// Every problem in the file that can be told at once.
    package struct Problems: Error, Hashable, Sendable {
        package var problems: [String]
    }

    package let format: Format
    package let lines: [Line]

    /// `name` is for messages. No line is passed over: one that cannot be read is a problem.
    package init(_ text: String, name: String) throws(Problems) {
        let csv = ReconcileCSV(text)
        if let line = csv.unclosed { throw Problems(problems: ["\(name):\(line): a quote is opened and never closed"]) }
        guard let head = csv.records.first else {
            throw Problems(problems: ["\(name):1: the file is empty; give a CSV export of CUR 2.0 or FOCUS"])
        }
        let columns = try ReconcileColumns(head.cells, name: name)
        var problems: [String] = []
        var lines: [Line] = []
        var (cost, hours) = (FocusDecimal.zero, FocusDecimal.zero)
        for record in csv.records.dropFirst() {
            guard record.cells.count == head.cells.count else {
                problems.append(
                    "\(name):\(record.line): has \(record.cells.count) cells where the header has \(head.cells.count)")
                continue
            }
            do {
                let line = try columns.line(record.cells)
                cost += line.cost.magnitude
                hours += line.hours?.magnitude ?? .zero
                // Each is within the bound, so the sums cannot overflow before they are caught.
                guard max(cost, hours) <= .largest else {
                    problems.append(
                        "\(name):\(record.line): with this line the file's costs or hours are more than "
                            + "\(FocusDecimal.largest.text)")
                    break
                }
                lines.append(line)
            } catch {
                problems += error.problems.map { "\(name):\(record.line):\($0)" }
            }
        }
        guard problems.isEmpty else {
            let few = problems.prefix(20)
            let rest = problems.count - few.count
            throw Problems(problems: few + (rest > 0 ? ["\(name): \(rest) more problems"] : []))
        }
        format = columns.format
        self.lines = lines
    }
}
