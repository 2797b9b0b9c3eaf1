// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
import TrainingJobs

/// Advice on one page of HTML; of many jobs their table first, then each.
package struct AdvicePage: Sendable {
    private let portfolio: AdvicePortfolio

    package init(_ portfolio: AdvicePortfolio) { self.portfolio = portfolio }

    private static let style = """

        figure{margin:14px 0}.scroll+.scroll{margin-top:12px}.scroll+header,ul+header{margin-top:44px}
        """

    package var html: String {
        let isOne = portfolio.ranked.count == 1
        let title = isOne ? "\(portfolio.ranked[0].brief.title): advice" : PortfolioWords.title(portfolio)
        return HTMLPage.text(
            title: title, style: HTMLPage.wideStyle + Self.style,
            (isOne ? [] : [overview(title)]) + portfolio.ranked.enumerated().map { section($0.element, $0.offset) })
    }

    private func overview(_ title: String) -> String {
        var table = HTMLTable(
            caption: "Each job, the one on which engineering pays most first",
            columns: PortfolioCells.titles.enumerated().map {
                HTMLTable.Column(
                    title: $0.element,
                    style: [3, 5, 6, 7].contains($0.offset)
                        ? .number : $0.offset == 8 || $0.offset == 9 ? .text : .whole)
            })
        table.rows = portfolio.ranked.enumerated().map { PortfolioCells($0.element, $0.offset).cells }
        return """
            <header><h1>\(HTMLText.escaped(title))</h1></header>
            \(figure(PortfolioSVG(portfolio: portfolio).text, PortfolioWords.first(portfolio)))
            \(table.text)
            \(list(PortfolioWords.plans(portfolio)))
            """
    }

    private func section(_ advice: Advice, _ number: Int) -> String {
        let words = AdviceWords(advice)
        let style =
            switch advice.verdict.fit {
            case .fits: "good"
            case .fitsWithConditions: "warn"
            case .doesNotFit: "bad"
            }
        let name = HTMLText.escaped(advice.brief.title)
        let lead = ([words.odds, words.money, words.switchLine].compactMap { $0 } + [words.recommendation])
            .map { "<p class=\"lead\">\(HTMLText.escaped($0))</p>" }.joined(separator: "\n")
        let conditions = words.conditions
            .map { "<p class=\"lead\"><strong>First:</strong> \(HTMLText.escaped($0))</p>" }
            .joined(separator: "\n")
        return """
            <header><h1>\(name)</h1><span class="badge \(style)">\(HTMLText.escaped(words.headline))</span></header>
            \(lead)
            \(conditions)
            \(figure(AdviceSVG(advice: advice, id: "options\(number)").text, "Point at a row for its figures; the table has them too."))
            <h2>Filters</h2>
            \(pairs("Each answered from evidence", ("filter", "answer"), words.filters))
            <h2>Options</h2>
            \(options(advice))
            \(pairs("What each asks of the team", ("", ""), advice.options.map {
                (AdviceWords.name($0.option), AdviceWords.asks($0.option))
            }))
            \(list(AdviceWords.notConsidered))
            <h2>Prices</h2>
            \(table("Each price that a figure rests on", AdviceWords.priceTitles, words.priceCells, numbers: [2, 4]))
            \(list(words.priceNotes))
            <h2>Pools</h2>
            \(table("As they are believed to be", AdviceWords.poolTitles, words.poolCells, numbers: [1, 3, 4, 5]))
            <h2>Checkpoints</h2>
            \(pairs("From the believed law of losses", ("", ""), words.checkpoints))
            <h2>What the verdict hangs on</h2>
            \(list(words.sensitivity))
            <h2>What this rests on</h2>
            \(list(AdviceWords.notModelled.map { "not modelled: \($0)" }))
            """
    }

    private func options(_ advice: Advice) -> String {
        let titles = OptionCells.titles
        var table = HTMLTable(
            caption: "Of one night by \(advice.brief.nights) simulated ones; Spot with the switch to on-demand",
            columns: titles.enumerated().map { index, title in
                HTMLTable.Column(
                    title: title, style: index == 0 || index == 2 ? .whole : .number)
            })
        table.rows = advice.options.map { OptionCells($0, on: advice.brief.today).cells }
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

    private func table(_ caption: String, _ titles: [String], _ rows: [[String]], numbers: Set<Int>) -> String {
        var table = HTMLTable(
            caption: caption,
            columns: titles.enumerated().map {
                HTMLTable.Column(title: $0.element, style: numbers.contains($0.offset) ? .number : .text)
            })
        table.rows = rows
        return rows.isEmpty ? "" : table.text
    }

    private func figure(_ picture: String, _ words: String) -> String {
        "<figure>\n\(picture)<figcaption>\(HTMLText.escaped(words))</figcaption></figure>"
    }

    private func list(_ lines: [String]) -> String {
        lines.isEmpty ? "" : "<ul>" + lines.map { "<li>\(HTMLText.escaped($0))</li>" }.joined() + "</ul>"
    }
}
