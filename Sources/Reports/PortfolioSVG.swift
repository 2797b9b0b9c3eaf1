// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import TrainingJobs

/// Jobs in the order in which engineering pays most: a month on on-demand, and what of it can be saved.
struct PortfolioSVG {
    let portfolio: AdvicePortfolio

    private static let width = 960.0
    private static let row = 30.0
    private static let top = 52.0

    var text: String {
        let bottom = Self.top + Self.row * Double(portfolio.ranked.count)
        let most = portfolio.ranked.compactMap(\.baselinePerMonth).map(Self.dollars).max() ?? 0
        let plot = SimulationPlot(
            title: "A month on on-demand, and what of it Spot saves", left: 230, right: 640, top: Self.top,
            bottom: bottom, across: 0...max(most * 1.05, 1e-6), up: 0...1)
        var parts = plot.axes(across: { "$\(NumberText.significant($0))" })
        parts.append(SVG.text(660, Self.top - 12, "Saved for each week of engineering", "ns-strong"))
        for (index, advice) in portfolio.ranked.enumerated() {
            parts.append(row(advice, index, Self.top + Self.row * (Double(index) + 0.5), plot))
        }
        return LedgerStyle.picture(
            "ranking", PortfolioWords.title(portfolio), width: Self.width, height: bottom + 52,
            parts + legend(bottom + 38))
    }

    private func row(_ advice: Advice, _ index: Int, _ y: Double, _ plot: SimulationPlot) -> String {
        let (fits, name) = (advice.isWorthDoing, advice.brief.title)
        let rank = fits ? "\(index + 1)  " : ""
        let shown = name.count > 28 ? name.prefix(27) + "…" : name
        let label = SVG.text(20, y + 4, rank + shown, fits ? "ns-strong" : "")
        guard let baseline = advice.baselinePerMonth else {
            return SVG.group(
                "\(name): a price was not found",
                label + SVG.text(plot.left + 4, y + 4, "price not found", "ns-soft"))
        }
        let saved = fits ? max(.zero, advice.worth.savedPerMonth) : .zero
        let bars =
            SVG.rect(plot.left, y - 8, max(1, plot.x(Self.dollars(baseline)) - plot.left), 16, "ns-wait")
            + (fits ? SVG.rect(plot.left, y - 8, plot.x(Self.dollars(saved)) - plot.left, 16, "lg-less") : "")
        let words =
            fits
            ? "\(advice.worth.savedPerWeek.text) a month"
            : "does not fit: \(advice.verdict.obstacles.map(AdviceWords.short).joined(separator: "; "))"
        return SVG.group(
            "\(name): \(baseline.text) a month on on-demand; " + (fits ? "\(saved.text) saved" : words),
            label + bars + SVG.text(660, y + 4, words, fits ? "ns-strong" : "ns-soft"))
    }

    private func legend(_ y: Double) -> [String] {
        [
            SVG.rect(230, y - 9, 14, 10, "ns-wait"), SVG.text(250, y, "a month on on-demand", "ns-soft"),
            SVG.rect(400, y - 9, 14, 10, "lg-less"), SVG.text(420, y, "of it, saved on Spot", "ns-soft"),
        ]
    }

    private static func dollars(_ money: Money) -> Double { Double(money.roundedMicrodollars) / 1e6 }
}
