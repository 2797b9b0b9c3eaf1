// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
import TrainingJobs

/// The models in force, as a table for a terminal.
package struct MarketView: Sendable {
    private let file: MarketModelFile?

    /// `nil` when none was fitted.
    package init(_ file: MarketModelFile?) { self.file = file }

    package var text: String {
        var lines = [MarketWords.title(file), ""] + table + ["", MarketWords.shippedLaw, MarketWords.prior]
        if let file, file.pools.contains(where: { $0.pool.backend == "local" }) { lines.append(MarketWords.rehearsals) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var table: [String] {
        var table = TextTable([
            ("pool", .left), ("seen in", .left), ("hazard of", .left), ("spells", .right), ("ended", .right),
            ("hours", .right), ("× shipped (80 %)", .right), ("/h at 10 min", .right), ("1 h", .right),
            ("4 h", .right), ("mean spell", .right), ("evidence", .left),
        ])
        for fit in file?.pools ?? [] {
            table.add([fit.pool.name, MarketWords.seen(fit), MarketWords.side(.up)] + MarketWords.figures(fit.loss))
            table.add(["", "", MarketWords.side(.down)] + MarketWords.figures(fit.recovery))
        }
        let law = HazardLaw.shipped
        let others = file?.pools.isEmpty ?? true ? "every pool" : "every other pool"
        table.add(
            [others, "–", "both", "–", "–", "–", "1.00"] + MarketWords.hazards(law)
                + [MarketWords.duration(hours: law.meanSpellHours), "shipped"])
        return table.lines
    }
}
