// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
import TrainingJobs

/// Advice for a terminal: the verdict, the filters, the options, and what it all hangs on.
package struct AdviceView: Sendable {
    private let advice: Advice

    package init(_ advice: Advice) { self.advice = advice }

    package var text: String {
        let words = AdviceWords(advice)
        let blocks: [[String]] = [
            ["\(advice.brief.title): \(words.headline)"]
                + [words.odds, words.money].compactMap { $0 }.map { " \($0)" },
            Self.pairs(words.filters), conditions(words), ["recommended: \(words.recommendation)", words.switchLine],
            table, Self.pairs(advice.options.map { (AdviceWords.name($0.option), AdviceWords.asks($0.option)) }),
            Self.table(AdviceWords.priceTitles, words.priceCells, right: [2, 4]) + words.priceNotes.map { " \($0)" },
            Self.table(AdviceWords.poolTitles, words.poolCells, right: [1, 3, 4, 5]),
            AdviceWords.notConsidered.map { " not in the table: \($0)" },
            Self.pairs(words.checkpoints), words.sensitivity.map { " \($0)" },
            AdviceWords.notModelled.map { " not modelled: \($0)" },
        ]
        return blocks.filter { !$0.isEmpty }
            .map { $0.map(TerminalText.sanitized).joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private func conditions(_ words: AdviceWords) -> [String] {
        words.conditions.map { " first: \($0)" }
    }

    private var table: [String] {
        var table = TextTable(
            OptionCells.titles.enumerated().map {
                ($0.element, $0.offset == 0 ? .left : .right)
            })
        for row in advice.options { table.add(OptionCells(row, on: advice.brief.today).cells) }
        return table.lines
    }

    private static func table(_ titles: [String], _ rows: [[String]], right: Set<Int>) -> [String] {
        guard !rows.isEmpty else { return [] }
        var table = TextTable(titles.enumerated().map { ($0.element, right.contains($0.offset) ? .right : .left) })
        for row in rows { table.add(row) }
        return table.lines
    }

    private static func pairs(_ lines: [(name: String, words: String)]) -> [String] {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { " \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.words)" }
    }
}

/// An option's cells, the same on a terminal and on a page.
struct OptionCells {
    static let titles = [
        "option", "an hour", "prices as of", "discount", "p10", "p50", "p90", "a month", "on time", "95 %",
        "on Spot alone",
        "interruptions",
    ]

    let cells: [String]

    init(_ row: OptionRow, on today: LocalDate) {
        let none = "–"
        let missing = row.nights == nil ? "not found" : none
        cells = [
            AdviceWords.name(row.option), row.rate.map(MoneyText.rate) ?? "not found",
            AdviceWords.asOf(row, on: today) ?? "not found",
            row.discount.map { NumberText.change(-Int(($0 * 100).rounded())) } ?? missing,
            row.nights?.p10.text ?? missing, row.nights?.p50.text ?? missing, row.nights?.p90.text ?? missing,
            row.perMonth?.text ?? missing, row.odds.map { AdviceWords.percent($0.onTime) } ?? missing,
            row.odds.flatMap { odds in
                odds.onTimeAlone == nil
                    ? nil : "\(SimulationWords.share(odds.onTimeLow))–\(AdviceWords.percent(odds.onTimeHigh))"
            } ?? missing,
            row.odds?.onTimeAlone.map(AdviceWords.percent) ?? missing,
            row.odds.map { NumberText.tenths($0.interruptions) } ?? missing,
        ]
    }
}
