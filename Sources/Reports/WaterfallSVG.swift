// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// From the month's baseline to what was paid, a row a step.
struct WaterfallSVG {
    let waterfall: LedgerWaterfall

    private static let (width, left, right, row) = (960.0, 356.0, 852.0, 30.0)

    var text: String {
        let (low, high) = bounds
        let scale = SimulationPlot(
            title: "", left: Self.left, right: Self.right, top: 0, bottom: 0, across: low...max(high, low + 1e-6),
            up: 0...1)
        var parts = [SVG.line(scale.x(0), 8, scale.x(0), Self.row * Double(waterfall.steps.count + 2) + 12, "ns-rule")]
        var y = 14.0
        func add(_ words: String, _ amount: String, from: Money, until: Money, _ style: String) {
            let (first, last) = (scale.x(Self.dollars(min(from, until))), scale.x(Self.dollars(max(from, until))))
            parts.append(
                SVG.group(
                    "\(words): \(amount)",
                    SVG.text(
                        Self.left - 12, y + 15, words, style == "lg-total" ? "ns-strong" : "ns-text", anchor: "end")
                        + SVG.rect(first, y, max(1.5, last - first), Self.row - 9, style)
                        + SVG.text(last + 6, y + 15, amount, "ns-text")))
            y += Self.row
        }
        add("baseline", waterfall.baseline.text, from: .zero, until: waterfall.baseline, "lg-total")
        var sum = waterfall.baseline
        for step in waterfall.steps {
            add(
                LedgerWords.step(step.name), step.signed, from: sum, until: sum + step.amount,
                step.amount < .zero ? "lg-less" : "lg-more")
            sum += step.amount
        }
        add("paid", waterfall.actual.text, from: .zero, until: waterfall.actual, "lg-total")
        let label = "from a baseline of \(waterfall.baseline.text) to \(waterfall.actual.text)"
        return LedgerStyle.picture("waterfall", label, width: Self.width, height: y + 10, parts)
    }

    private var bounds: (low: Double, high: Double) {
        var sum = waterfall.baseline
        var reached = [Money.zero, sum, waterfall.actual]
        for step in waterfall.steps {
            sum += step.amount
            reached.append(sum)
        }
        return (Self.dollars(reached.min() ?? .zero), Self.dollars(reached.max() ?? .zero))
    }

    private static func dollars(_ money: Money) -> Double { Double(money.roundedMicrodollars) / 1e6 }
}
