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
            ["\(advice.brief.job.name): \(words.headline)"]
                + [words.odds, words.money].compactMap { $0 }.map { " \($0)" },
            Self.pairs(words.filters), conditions(words), ["recommended: \(words.recommendation)", words.switchLine],
            table, Self.pairs(advice.options.map { (AdviceWords.name($0.option), AdviceWords.asks($0.option)) }),
            AdviceWords.notConsidered.map { " not in the table: \($0)" },
            Self.pairs(words.checkpoints), words.sensitivity.map { " \($0)" },
            [" prices: \(words.prices)"] + AdviceWords.notModelled.map { " not modelled: \($0)" },
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
        for row in advice.options { table.add(OptionCells(row).cells) }
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
        "option", "an hour", "discount", "p10", "p50", "p90", "a month", "on time", "95 %", "on Spot alone",
        "interruptions",
    ]

    let cells: [String]

    init(_ row: OptionRow) {
        let none = "–"
        let missing = row.rate == nil ? "not found" : none
        cells = [
            AdviceWords.name(row.option), row.rate.map(MoneyText.rate) ?? "not found",
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

/// Many jobs for a terminal, a row a job.
package struct PortfolioView: Sendable {
    private let portfolio: AdvicePortfolio

    package init(_ portfolio: AdvicePortfolio) { self.portfolio = portfolio }

    package var text: String {
        var table = TextTable(
            PortfolioCells.titles.enumerated().map { ($0.element, (3...6).contains($0.offset) ? .right : .left) })
        for (index, advice) in portfolio.ranked.enumerated() { table.add(PortfolioCells(advice, index).cells) }
        return
            (["\(PortfolioWords.title(portfolio))", ""] + table.lines + ["", " \(PortfolioWords.first(portfolio))"])
            .map(TerminalText.sanitized).joined(separator: "\n") + "\n"
    }
}

enum PortfolioWords {
    static func title(_ portfolio: AdvicePortfolio) -> String {
        let unpriced =
            portfolio.unpriced.isEmpty ? "" : " (without a price: \(portfolio.unpriced.joined(separator: ", ")))"
        return "\(NumberText.count(portfolio.ranked.count, "job")): about \(portfolio.savedPerMonth.text) of "
            + "\(portfolio.baselinePerMonth.text) a month can be saved\(unpriced)"
    }

    static func first(_ portfolio: AdvicePortfolio) -> String {
        guard let first = portfolio.ranked.first, first.isWorthDoing else { return "Spot fits none of these jobs" }
        return "the first week of engineering pays most on \(first.brief.job.name): "
            + "\(first.worth.savedPerWeek.text) a month for each week (a week is taken as \(first.worth.week.text))"
    }
}

struct PortfolioCells {
    static let titles = [
        "", "job", "verdict", "on-demand a month", "saved a month", "engineering", "saved per week", "buy it as",
        "because",
    ]

    let cells: [String]

    init(_ advice: Advice, _ index: Int) {
        let words = AdviceWords(advice)
        let month = advice.brief.terms.baseline.map { Money(units: $0.units * Int128(advice.brief.nightsPerMonth)) }
        let fits = advice.isWorthDoing
        cells = [
            fits ? "\(index + 1)" : "", advice.brief.job.name, advice.verdict.fit.rawValue, MoneyText.amount(month),
            fits ? advice.worth.savedPerMonth.text : "–", advice.worth.engineering.text,
            fits ? advice.worth.savedPerWeek.text : "–", advice.recommended.map(AdviceWords.name) ?? "not found",
            fits
                ? advice.verdict.conditions.map(words.sentence).joined(separator: "; ")
                : advice.verdict.obstacles.map(AdviceWords.short).joined(separator: "; "),
        ]
    }
}
