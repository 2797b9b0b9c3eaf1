// SPDX-License-Identifier: Apache-2.0

/// A table with headings; every cell is escaped here.
struct HTMLTable {
    enum Style: String {
        case text
        /// Right-aligned, in one piece.
        case number
        /// In one piece: times and names.
        case whole
    }

    struct Column {
        var title: String
        var style = Style.text
    }

    let caption: String
    let columns: [Column]
    var rows: [[String]] = []
    /// Set apart below the rows.
    var total: [String]?

    var text: String {
        let head = columns.map { "<th scope=\"col\"\(style($0))>\(HTMLText.escaped($0.title))</th>" }.joined()
        let body = rows.map { "<tr>\(cells($0))</tr>" }.joined(separator: "\n")
        let foot = total.map { "\n<tfoot><tr>\(cells($0))</tr></tfoot>" } ?? ""
        return """
            <div class="scroll"><table>
            <caption>\(HTMLText.escaped(caption))</caption>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)
            </tbody>\(foot)
            </table></div>
            """
    }

    private func cells(_ row: [String]) -> String {
        precondition(row.count == columns.count, "a row of \(row.count) cells in \(columns.count) columns")
        return zip(columns, row).map { "<td\(style($0))>\(HTMLText.escaped($1))</td>" }.joined()
    }

    private func style(_ column: Column) -> String {
        column.style == .text ? "" : " class=\"\(column.style.rawValue)\""
    }
}
