// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor

/// Advice on a commitment for a terminal.
package struct SavingsPlanView: Sendable {
    private let words: SavingsPlanWords

    package init(_ words: SavingsPlanWords) { self.words = words }

    package var text: String {
        let cases = words.advice.cases
        var alone = TextTable(Self.columns(SavingsPlanWords.aloneTitles, left: 1))
        for one in cases { alone.add(words.alone(one)) }
        var layers = TextTable(Self.columns(SavingsPlanWords.layerTitles, left: 2))
        for row in words.withoutPlanRows + cases.flatMap(words.layers) { layers.add(row) }
        let width = words.facts.map(\.name.count).max() ?? 0
        let facts = words.facts.map { fact in
            " \(fact.name)\(String(repeating: " ", count: width - fact.name.count))  "
                + TerminalText.sanitized(fact.words)
        }
        let lines =
            [TerminalText.sanitized(words.title), ""] + facts + ["", " a plan for this job alone:"] + alone.lines
            + [" \(words.aloneSum)", "", " the cheapest plan for all of it:"] + layers.lines
            + ["", " \(words.recommendation)", ""] + SavingsPlanWords.rules.map { " \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func columns(_ titles: [String], left: Int) -> [(title: String, TextTable.Alignment)] {
        titles.enumerated().map { ($0.element, $0.offset < left ? .left : .right) }
    }
}
