// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor

/// Advice on a commitment on one page of HTML: nothing is loaded, nothing is run, and it prints.
package struct SavingsPlanPage: Sendable {
    private let words: SavingsPlanWords

    package init(_ words: SavingsPlanWords) { self.words = words }

    package var html: String {
        let facts = words.facts.map { fact in
            let name = fact.name.isEmpty ? "" : "<strong>\(HTMLText.escaped(fact.name)):</strong> "
            return "<p class=\"lead\">\(name)\(HTMLText.escaped(fact.words))</p>"
        }
        let rules = SavingsPlanWords.rules.map { "<li>\(HTMLText.escaped($0))</li>" }.joined()
        return HTMLPage.text(
            title: words.title,
            [
                "<header><h1>\(HTMLText.escaped(words.title))</h1></header>",
                "<p class=\"lead\">\(HTMLText.escaped(words.recommendation)).</p>",
                "<h2>A plan for this job alone</h2>",
                alone, "<p class=\"lead\">\(HTMLText.escaped(words.aloneSum)).</p>",
                "<h2>The cheapest plan for all of it</h2>", layers, "<h2>What this rests on</h2>",
                facts.joined(separator: "\n"), "<ul>\(rules)</ul>",
            ])
    }

    private var alone: String {
        var table = HTMLTable(
            caption: "A commitment as large as the job's machine", columns: Self.columns(SavingsPlanWords.aloneTitles))
        table.rows = words.advice.cases.map(words.alone)
        return table.text
    }

    private var layers: String {
        var table = HTMLTable(
            caption: "30 days of other usage and this job",
            columns: Self.columns(SavingsPlanWords.layerTitles))
        table.rows = words.withoutPlanRows + words.advice.cases.flatMap(words.layers)
        return table.text
    }

    private static func columns(_ titles: [String]) -> [HTMLTable.Column] {
        titles.enumerated().map { HTMLTable.Column(title: $0.element, style: $0.offset == 0 ? .whole : .number) }
    }
}
