// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A month's ledger for a terminal.
package struct LedgerView: Sendable {
    private let ledger: Ledger

    package init(_ ledger: Ledger) { self.ledger = ledger }

    package var text: String {
        let words = LedgerWords(ledger: ledger)
        var lines = [words.title] + words.lead
        guard !ledger.nights.isEmpty else { return lines.joined(separator: "\n") + "\n" }
        lines.append("")
        let facts = words.facts
        let width = facts.map(\.name.count).max() ?? 0
        lines += facts.map { fact in
            " \(fact.name)\(String(repeating: " ", count: width - fact.name.count))  \(fact.value)"
        }
        lines.append("")
        if let waterfall = LedgerWaterfall(ledger) { lines += table(of: waterfall) + [""] }
        var table = TextTable(LedgerWords.titles.map { ($0.title, $0.isNumber ? .right : .left) })
        for night in ledger.nights { table.add(words.cells(night)) }
        table.add(words.totalCells)
        return (lines + table.lines).joined(separator: "\n") + "\n"
    }

    private func table(of waterfall: LedgerWaterfall) -> [String] {
        var table = TextTable([("from baseline to actual", .left), ("", .right)])
        table.add(["baseline", waterfall.baseline.text])
        for step in waterfall.steps { table.add([step.words, step.signed]) }
        table.add(["paid", waterfall.actual.text])
        return table.lines
    }
}
