// SPDX-License-Identifier: Apache-2.0

import NightSimulator
package import SpotAdvisor
import TrainingJobs

/// A reliability diagram: what was said of P(on time on Spot alone) against what came, and where costs fell between the
/// forecasts' percentiles.
///
/// Self-contained, without script; the same cases give the same bytes.
package struct CalibrationSVG: Sendable {
    /// Its series take the looks of a study's policies.
    private static let style = SimulationStyle(PolicyName.plain.filter { $0 != .onDemandOnly })

    private static let (width, height) = (960.0, 480.0)

    private let cases: [CalibrationCase]
    private let score: CalibrationScore

    package init(_ cases: [CalibrationCase]) {
        self.cases = cases
        score = CalibrationScore(cases)
    }

    package var text: String {
        let (width, height) = (SVG.number(Self.width), SVG.number(Self.height))
        let title = "Forecasts of \(cases.count) pools and shapes against \(score.nights) nights"
        let parts = [SVG.rect(0, 0, Self.width, Self.height, "ns-back")] + reliability + coverage + legend
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="ns" role="img" viewBox="0 0 \(width) \(height)" \
            width="\(width)" height="\(height)" aria-label="\(HTMLText.escaped(title))">
            <style>\(TimelineStyle.css)
            \(Self.style.css)</style>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    private var legend: [String] {
        [
            SVG.text(
                64, Self.height - 14,
                "small: one pool and shape; large: tenths of what was said, with 95 % if nights were independent",
                "ns-soft"),
            SVG.text(560, Self.height - 14, "a row a pool and shape; lines at 10 and 90 %", "ns-soft"),
        ]
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    /// Small dots are single forecasts, large ones tenths together, with the interval of so many nights if these were
    /// independent, which overlapping nights are not.
    private var reliability: [String] {
        let plot = SimulationPlot(
            title: "On time on Spot alone: said (across) and seen (up)", left: 64, right: 464, top: 44, bottom: 424,
            across: 0...1, up: 0...1)
        var parts = plot.axes(across: Self.percent, up: Self.percent)
        parts.append(
            SVG.group(
                "right forecasts lie here",
                SVG.polyline([(plot.x(0), plot.y(0)), (plot.x(1), plot.y(1))], "ns-needed")))
        for one in cases {
            let seen = CalibrationScore([one]).baseRate
            parts.append(
                SVG.group(
                    "\(one.trace), \(one.shape): said \(Self.percent(one.forecast.onTimeOnSpotAlone)), seen "
                        + Self.percent(seen), dot(plot, one.forecast.onTimeOnSpotAlone, seen, 2.5, 1)))
        }
        for bin in score.bins {
            let interval = WilsonInterval(Int((bin.seen * Double(bin.nights)).rounded()), of: bin.nights)
            let x = plot.x(bin.said)
            parts.append(
                SVG.group(
                    "said \(Self.percent(bin.said)), seen \(Self.percent(bin.seen)) of \(bin.nights) nights",
                    SVG.line(x, plot.y(interval.low), x, plot.y(interval.high), Self.style.line(0))
                        + dot(plot, bin.said, bin.seen, 5, 0)))
        }
        return parts
    }

    private func dot(_ plot: SimulationPlot, _ x: Double, _ y: Double, _ radius: Double, _ style: Int) -> String {
        "<circle class=\"\(Self.style.fill(style))\" cx=\"\(SVG.number(plot.x(x)))\" "
            + "cy=\"\(SVG.number(plot.y(y)))\" r=\"\(SVG.number(radius))\"/>"
    }

    /// A row a case: how many nights were below p10, between, and above p90.
    private var coverage: [String] {
        let plot = SimulationPlot(
            title: "Cost: below p10, between (said: 80 %), above p90", left: 560, right: 920, top: 44, bottom: 424,
            across: 0...1, up: 0...1)
        var parts = plot.axes(across: Self.percent)
        let row = (plot.bottom - plot.top) / Double(cases.count)
        for (index, one) in cases.enumerated() {
            let own = CalibrationScore([one])
            let y = plot.top + row * (Double(index) + 0.15)
            let (low, high) = (plot.x(own.below), plot.x(1 - own.above))
            parts.append(
                SVG.group(
                    "\(one.trace), \(one.shape): below \(Self.percent(own.below)), above \(Self.percent(own.above))",
                    SVG.rect(plot.left, y, low - plot.left, row * 0.7, Self.style.fill(2))
                        + SVG.rect(low, y, high - low, row * 0.7, Self.style.fill(0), extra: " opacity=\".35\"")
                        + SVG.rect(high, y, plot.right - high, row * 0.7, Self.style.fill(1))))
        }
        for share in [0.1, 0.9] {
            parts.append(SVG.line(plot.x(share), plot.top, plot.x(share), plot.bottom, "ns-deadline"))
        }
        return parts
    }
}
