// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What each date of a month cost, stacked by what it paid for, with the baseline as a stroke.
struct LedgerCostSVG {
    let ledger: Ledger

    private static let (width, height) = (960.0, 280.0)

    private struct Layer: Sendable {
        var words: String
        var style: String
        var fill = ""
        var belongs: @Sendable (NightAccount.Piece) -> Bool
    }

    private static let layers = [
        Layer(words: "work on Spot", style: "ns-spot") { $0.kind == .useful && $0.offer.purchase == .spot },
        Layer(words: "work on on-demand", style: "ns-od") { $0.kind == .useful && $0.offer.purchase == .onDemand },
        Layer(words: "done again", style: "", fill: " fill=\"url(#cost-redone)\"") { $0.kind == .redone },
        Layer(words: "restarts", style: "", fill: " fill=\"url(#cost-restart)\"") { $0.kind == .restart },
        Layer(words: "idle", style: "ns-wait") { $0.kind == .idle },
    ]

    var text: String {
        let days = ledger.month.dates
        let nights = days.map { date in ledger.nights.filter { $0.date == date } }
        let most = nights.map { max(dollars($0.map(\.cost)), dollars($0.compactMap(\.baseline))) }.max() ?? 0
        let plot = SimulationPlot(
            title: "Cost of each date's nights, and their baseline (stroke)", left: 60, right: 940, top: 40,
            bottom: 224,
            across: 0.5...(Double(days.count) + 0.5), up: 0...max(most * 1.08, 1e-6))
        var parts = plot.axes(across: { $0 == $0.rounded() ? "\(Int($0))" : "" }) { "$\(NumberText.significant($0))" }
        let half = (plot.right - plot.left) / Double(days.count) * 0.36
        for (index, date) in days.enumerated() where !nights[index].isEmpty {
            parts.append(bar(date, nights[index], x: plot.x(Double(index + 1)), half: half, plot))
        }
        return LedgerStyle.picture(
            "cost", "\(ledger.month.name): \(ledger.cost.text) paid, baseline \(MoneyText.amount(ledger.baseline))",
            width: Self.width, height: Self.height, parts + legend)
    }

    private func bar(
        _ date: LocalDate, _ nights: [LedgerNight], x: Double, half: Double, _ plot: SimulationPlot
    ) -> String {
        var sum = Money.zero
        var content = ""
        var words: [String] = []
        for layer in Self.layers {
            let cost = nights.reduce(Money.zero) { $0 + $1.account.cost(where: layer.belongs) }
            guard cost > .zero else { continue }
            let (low, high) = (plot.y(dollars([sum])), plot.y(dollars([sum + cost])))
            content += SVG.rect(x - half, high, half * 2, low - high, layer.style, extra: layer.fill)
            words.append("\(layer.words) \(cost.text)")
            sum += cost
        }
        let baselines = nights.compactMap(\.baseline)
        if !baselines.isEmpty {
            let y = plot.y(dollars(baselines))
            content += SVG.line(x - half - 2, y, x + half + 2, y, "lg-base")
            words.append("baseline \(baselines.reduce(Money.zero, +).text)")
        }
        return SVG.group("\(date): \(words.isEmpty ? "nothing paid" : words.joined(separator: ", "))", content)
    }

    private var legend: [String] {
        var x = 60.0
        var parts: [String] = []
        for layer in Self.layers {
            parts.append(SVG.rect(x, Self.height - 22, 14, 10, layer.style, extra: layer.fill))
            parts.append(SVG.text(x + 20, Self.height - 13, layer.words, "ns-soft"))
            x += 20 + SVG.textWidth(layer.words) + 22
        }
        parts.append(SVG.line(x, Self.height - 17, x + 16, Self.height - 17, "lg-base"))
        parts.append(SVG.text(x + 22, Self.height - 13, "baseline", "ns-soft"))
        return parts
    }

    private func dollars(_ amounts: [Money]) -> Double {
        Double(amounts.reduce(Money.zero, +).roundedMicrodollars) / 1e6
    }
}
