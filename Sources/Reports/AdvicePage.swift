// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
import TrainingJobs

/// Advice on one page of HTML; of many jobs their table first, then each.
package struct AdvicePage: Sendable {
    private let portfolio: AdvicePortfolio

    package init(_ portfolio: AdvicePortfolio) { self.portfolio = portfolio }

    package var html: String {
        let isOne = portfolio.ranked.count == 1
        let title = isOne ? "\(portfolio.ranked[0].brief.job.name): advice" : PortfolioWords.title(portfolio)
        return HTMLPage.text(title: title, (isOne ? [] : [overview(title)]) + portfolio.ranked.map(section))
    }

    private func overview(_ title: String) -> String {
        var table = HTMLTable(
            caption: PortfolioWords.first(portfolio),
            columns: PortfolioCells.titles.enumerated().map {
                HTMLTable.Column(title: $0.element, style: (3...6).contains($0.offset) ? .number : .text)
            })
        table.rows = portfolio.ranked.enumerated().map { PortfolioCells($0.element, $0.offset).cells }
        return "<header><h1>\(HTMLText.escaped(title))</h1></header>\n\(table.text)"
    }

    private func section(_ advice: Advice) -> String {
        let words = AdviceWords(advice)
        let style =
            switch advice.verdict.fit {
            case .fits: "good"
            case .fitsWithConditions: "warn"
            case .doesNotFit: "bad"
            }
        let name = HTMLText.escaped(advice.brief.job.name)
        let lead = ([words.odds, words.money, words.switchLine].compactMap { $0 } + [words.recommendation])
            .map { "<p class=\"lead\">\(HTMLText.escaped($0))</p>" }.joined(separator: "\n")
        let conditions = words.conditions
            .map { "<p class=\"lead\"><strong>First:</strong> \(HTMLText.escaped($0))</p>" }
            .joined(separator: "\n")
        return """
            <header><h1>\(name)</h1><span class="badge \(style)">\(HTMLText.escaped(words.headline))</span></header>
            \(lead)
            \(conditions)
            <h2>Filters</h2>
            \(pairs("Each answered from evidence", ("filter", "answer"), words.filters))
            <h2>Options</h2>
            \(options(advice))
            \(pairs("What each asks of the team", ("", ""), advice.options.map {
                (AdviceWords.name($0.option), AdviceWords.asks($0.option))
            }))
            \(list(AdviceWords.notConsidered))
            <h2>Checkpoints</h2>
            \(pairs("From the believed law of losses", ("", ""), words.checkpoints))
            <h2>What the verdict hangs on</h2>
            \(list(words.sensitivity))
            <h2>What this rests on</h2>
            \(list(["prices: \(words.prices)"] + AdviceWords.notModelled.map { "not modelled: \($0)" }))
            """
    }

    private func options(_ advice: Advice) -> String {
        let titles = OptionCells.titles
        var table = HTMLTable(
            caption: "Of one night by \(advice.brief.nights) simulated ones; Spot with the switch to on-demand",
            columns: titles.enumerated().map { index, title in
                HTMLTable.Column(
                    title: title, style: index == 0 ? .whole : .number)
            })
        table.rows = advice.options.map { OptionCells($0).cells }
        return table.text
    }

    private func pairs(
        _ caption: String, _ titles: (String, String), _ lines: [(name: String, words: String)]
    ) -> String {
        var table = HTMLTable(
            caption: caption,
            columns: [HTMLTable.Column(title: titles.0, style: .whole), HTMLTable.Column(title: titles.1)])
        table.rows = lines.map { [$0.name, $0.words] }
        return table.text
    }

    private func list(_ lines: [String]) -> String {
        "<ul>" + lines.map { "<li>\(HTMLText.escaped($0))</li>" }.joined() + "</ul>"
    }
}
