// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A month's ledger for a terminal.
package struct LedgerView: Sendable {
    private let ledger: Ledger

    package init(_ ledger: Ledger) { self.ledger = ledger }

    package var text: String {
        let words = LedgerWords(ledger: ledger)
        var lines = [words.title] + words.lead
        let facts = words.facts
        let width = facts.map(\.name.count).max() ?? 0
        if !facts.isEmpty { lines.append("") }
        lines += facts.map { fact in
            " \(fact.name)\(String(repeating: " ", count: width - fact.name.count))  \(fact.value)"
        }
        if !ledger.nights.isEmpty { lines += [""] + nights(words) }
        if !ledger.rehearsals.isEmpty { lines += ["", words.rehearsalTitle] + rehearsals(words) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func nights(_ words: LedgerWords) -> [String] {
        var lines: [String] = []
        if let waterfall = LedgerWaterfall(ledger) { lines += table(of: waterfall) + [""] }
        var table = TextTable(LedgerWords.titles.map { ($0.title, $0.isNumber ? .right : .left) })
        for night in ledger.nights { table.add(words.cells(night)) }
        table.add(words.totalCells)
        return lines + table.lines
    }

    private func rehearsals(_ words: LedgerWords) -> [String] {
        var table = TextTable(LedgerWords.titles.map { ($0.title, $0.isNumber ? .right : .left) })
        for night in ledger.rehearsals { table.add(words.cells(night)) }
        return table.lines
    }

    private func table(of waterfall: LedgerWaterfall) -> [String] {
        var table = TextTable([("from baseline to actual", .left), ("", .right)])
        table.add(["baseline", waterfall.baseline.text])
        for step in waterfall.steps { table.add([LedgerWords.step(step.name), step.signed]) }
        table.add(["paid", waterfall.actual.text])
        return table.lines
    }
}
