// SPDX-License-Identifier: Apache-2.0

package import SpotMarket

/// The models in force on one page of HTML: nothing is loaded, nothing is run, and it prints.
package struct MarketPage: Sendable {
    private let file: MarketModelFile?
    private var pools: [PoolFit] { file?.pools ?? [] }

    /// `nil` when none was fitted.
    package init(_ file: MarketModelFile?) { self.file = file }

    package var html: String {
        HTMLPage.text(
            title: "Spot market models", style: HTMLPage.wideStyle,
            [header] + (pools.isEmpty ? [] : [table]) + pictures + [footer])
    }

    private var header: String {
        """
        <header><h1>Spot market models</h1></header>
        <p class="lead">\(HTMLText.escaped(MarketWords.title(file)))</p>
        """
    }

    private var table: String {
        typealias Column = HTMLTable.Column
        var table = HTMLTable(
            caption: "Hazards per hour: of losing capacity, and of its return",
            columns: [
                Column(title: "Pool", style: .whole), Column(title: "Hazard of", style: .whole),
                Column(title: "Spells", style: .number),
                Column(title: "Ended", style: .number), Column(title: "Hours", style: .number),
                Column(title: "× shipped (80 %)", style: .number), Column(title: "At 10 min", style: .number),
                Column(title: "At 1 h", style: .number), Column(title: "At 4 h", style: .number),
                Column(title: "Mean spell", style: .number), Column(title: "Evidence", style: .whole),
            ])
        table.rows = pools.flatMap { fit in
            [
                [fit.pool.name, MarketWords.side(.up)] + MarketWords.figures(fit.loss),
                [fit.pool.name, MarketWords.side(.down)] + MarketWords.figures(fit.recovery),
            ]
        }
        return table.text
    }

    private var pictures: [String] {
        let rows: [(String, [PoolFit])] =
            pools.isEmpty
            ? [("Every pool", [])] : pools.map { ("\($0.pool.name), \(MarketWords.seen($0))", [$0]) }
        return rows.map { "<h2>\(HTMLText.escaped($0.0))</h2>\n<figure>\n\(MarketSVG($0.1).text)</figure>" }
    }

    private var footer: String {
        var words = [MarketWords.shippedLaw, MarketWords.prior]
        if pools.contains(where: { $0.pool.backend == "local" }) { words.append(MarketWords.rehearsals) }
        return "<footer>\(HTMLText.escaped(words.joined(separator: " ")))</footer>"
    }
}
