// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import TrainingJobs

/// The options of one job in one picture: what a night costs beside how likely it is in time.
struct AdviceSVG {
    let advice: Advice
    /// Of the page, so that patterns of several pictures keep apart.
    let id: String

    private static let width = 960.0
    private static let row = 34.0
    private static let top = 56.0
    private static let names = 20.0
    private static let money = (left: 196.0, right: 556.0)
    private static let odds = (left: 700.0, right: 930.0)

    var text: String {
        let rows = advice.options
        let bottom = Self.top + Self.row * Double(rows.count)
        let cost = SimulationPlot(
            title: "A night: p10 to p90, and p50", left: Self.money.left, right: Self.money.right, top: Self.top,
            bottom: bottom, across: 0...most, up: 0...1)
        let time = SimulationPlot(
            title: "In time, with 95 %", left: Self.odds.left, right: Self.odds.right, top: Self.top, bottom: bottom,
            across: least...1, up: 0...1)
        var parts = cost.axes(across: { "$\(NumberText.significant($0))" }) + time.axes(across: AdviceWords.whole)
        if let baseline = advice.brief.terms.baseline {
            let x = cost.x(Self.dollars(baseline))
            parts.append(
                SVG.group(
                    "on-demand, undisturbed: \(baseline.text)",
                    SVG.line(x, Self.top - 4, x, bottom, "ns-needed")))
        }
        for (index, row) in rows.enumerated() {
            let y = Self.top + Self.row * (Double(index) + 0.5)
            parts.append(SVG.group(words(row), name(row, y) + bar(row, y, cost) + dot(row, y, time)))
        }
        return LedgerStyle.picture(
            id, "\(advice.brief.title): what a night costs and how likely it is in time, by option",
            width: Self.width, height: bottom + 56, parts + legend(bottom + 40))
    }

    private func name(_ row: OptionRow, _ y: Double) -> String {
        let isBest = row.option == advice.recommended
        return (isBest ? "<circle class=\"ns-good\" cx=\"10\" cy=\"\(SVG.number(y))\" r=\"4\"/>" : "")
            + SVG.text(Self.names, y + 4, AdviceWords.name(row.option), isBest ? "ns-strong" : "")
    }

    private func bar(_ row: OptionRow, _ y: Double, _ plot: SimulationPlot) -> String {
        guard let nights = row.nights else {
            return SVG.text(plot.left + 4, y + 4, "price not found", "ns-soft")
        }
        let style = row.option == .savingsPlan ? "ns-wait" : row.discount == nil ? "ns-od" : "ns-spot"
        let (low, middle, high) = (
            plot.x(Self.dollars(nights.p10)), plot.x(Self.dollars(nights.p50)), plot.x(Self.dollars(nights.p90))
        )
        let width = max(high - low, 3)
        let isBeyond = Self.dollars(nights.p50) > most
        let label = (isBeyond ? "→ " : "") + nights.p50.text
        return SVG.rect(min(low, plot.right - width), y - 8, width, 16, style, extra: " opacity=\".45\" rx=\"2\"")
            + SVG.rect(min(middle, plot.right) - 2, y - 10, 4, 20, style)
            + SVG.text(plot.right + 14, y + 4, label, "ns-soft")
    }

    private func dot(_ row: OptionRow, _ y: Double, _ plot: SimulationPlot) -> String {
        guard let odds = row.odds else { return SVG.text(plot.left + 4, y + 4, "not found", "ns-soft") }
        func circle(_ share: Double, _ style: String, _ extra: String = "") -> String {
            "<circle class=\"\(style)\" cx=\"\(SVG.number(plot.x(share)))\" cy=\"\(SVG.number(y))\" r=\"5\"\(extra)/>"
        }
        let alone = odds.onTimeAlone.map { circle($0, "ns-pending") } ?? ""
        return alone + SVG.line(plot.x(odds.onTimeLow), y, plot.x(odds.onTimeHigh), y, "ns-deadline")
            + circle(odds.onTime, "ns-dot")
            + SVG.text(plot.left - 8, y + 4, AdviceWords.percent(odds.onTime), "ns-soft", anchor: "end")
    }

    private func words(_ row: OptionRow) -> String {
        guard let nights = row.nights, let odds = row.odds else {
            return "\(AdviceWords.name(row.option)): a price was not found"
        }
        return
            "\(AdviceWords.name(row.option)): p10 \(nights.p10.text), p50 \(nights.p50.text), p90 \(nights.p90.text); "
            + "in time in \(AdviceWords.percent(odds.onTime)) of nights"
            + (odds.onTimeAlone.map { ", on Spot alone in \(AdviceWords.percent($0))" } ?? "")
    }

    private func legend(_ y: Double) -> [String] {
        var parts: [String] = []
        var x = Self.names
        func add(_ mark: String, _ words: String) {
            parts.append(mark + SVG.text(x + 20, y, words, "ns-soft"))
            x += 20 + SVG.textWidth(words) + 12
        }
        add(SVG.rect(x, y - 9, 14, 10, "ns-spot"), "Spot with the switch")
        add(SVG.rect(x, y - 9, 14, 10, "ns-od"), "on-demand")
        add(SVG.rect(x, y - 9, 14, 10, "ns-wait"), "a plan")
        add(SVG.line(x, y - 4, x + 14, y - 4, "ns-needed"), "the on-demand night")
        add("<circle class=\"ns-dot\" cx=\"\(SVG.number(x + 7))\" cy=\"\(SVG.number(y - 4))\" r=\"4\"/>", "in time")
        add(
            "<circle class=\"ns-pending\" cx=\"\(SVG.number(x + 7))\" cy=\"\(SVG.number(y - 4))\" r=\"4\"/>",
            "on Spot alone")
        add(
            "<circle class=\"ns-good\" cx=\"\(SVG.number(x + 7))\" cy=\"\(SVG.number(y - 4))\" r=\"4\"/>", "recommended"
        )
        return parts
    }

    /// Dollars at the right edge: an option that costs far more than on-demand does not squeeze the others.
    private var most: Double {
        let all = advice.options.compactMap(\.nights).map { Self.dollars($0.p90) }
        let greatest = all.max() ?? 1
        guard let baseline = advice.brief.terms.baseline else { return max(greatest, 1e-6) * 1.05 }
        return max(1e-6, min(greatest, Self.dollars(baseline) * 2.5)) * 1.05
    }

    /// A round tenth below all shares.
    private var least: Double {
        let all = advice.options.compactMap(\.odds).map { min($0.onTimeLow, $0.onTimeAlone ?? 1) }
        return max(0, (((all.min() ?? 0.9) - 0.02) * 10).rounded(.down) / 10)
    }

    private static func dollars(_ money: Money) -> Double { Double(money.roundedMicrodollars) / 1e6 }
}
