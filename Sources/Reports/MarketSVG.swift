// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
import TrainingJobs

/// The hazards of pools against age, on logarithmic axes: what was seen with bars, the fitted curve, the shipped one.
///
/// Two panels a pool, the loss of capacity and its return. Self-contained, without script; the same models give the
/// same bytes.
package struct MarketSVG: Sendable {
    private static let (width, panel, top, rowHeight, foot) = (860.0, 352.0, 34.0, 248.0, 40.0)
    private static let ages = LogScale(1.0 / 60...96)
    private static let ticks: [(hours: Double, label: String)] = [
        (1.0 / 60, "1 min"), (0.1, "6 min"), (0.5, "30 min"), (2, "2 h"), (8, "8 h"), (48, "48 h"),
    ]

    private struct Panel {
        var title: String
        /// `nil` where nothing was fitted.
        var fit: HazardFit?
        var left: Double
        var top: Double
        var hazards: LogScale

        var bottom: Double { top + 180 }
        var right: Double { left + MarketSVG.panel }
        func x(_ hours: Double) -> Double { left + MarketSVG.panel * MarketSVG.ages.fraction(hours) }
        func y(_ hazard: Double) -> Double { bottom - 180 * hazards.fraction(hazard) }
    }

    private let panels: [Panel]
    private let label: String

    /// Without pools, the shipped law.
    package init(_ pools: [PoolFit]) {
        label =
            pools.isEmpty ? "the shipped hazard law" : "hazards of " + pools.map(\.pool.name).joined(separator: ", ")
        let rows: [(String, HazardFit?, HazardFit?)] =
            pools.isEmpty ? [("every pool", nil, nil)] : pools.map { ($0.pool.name, $0.loss, $0.recovery) }
        panels = rows.enumerated().flatMap { index, row in
            let top = Self.top + Double(index) * Self.rowHeight
            let hazards = LogScale(decadesAround: Self.extent(row.1) + Self.extent(row.2))
            return [
                Panel(title: "\(row.0): loss of capacity", fit: row.1, left: 52, top: top, hazards: hazards),
                Panel(title: "return of capacity", fit: row.2, left: 492, top: top, hazards: hazards),
            ]
        }
    }

    package var text: String {
        let height = Self.top + Double(panels.count / 2) * Self.rowHeight + Self.foot - 34
        let (width, tall) = (SVG.number(Self.width), SVG.number(height))
        let parts =
            [SVG.rect(0, 0, Self.width, height, "ns-back")] + panels.flatMap { axes($0) + curves($0) + points($0) }
            + legend(height - 14)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="ns" role="img" viewBox="0 0 \(width) \(tall)" \
            width="\(width)" height="\(tall)" aria-label="\(HTMLText.escaped(label))">
            <style>\(TimelineStyle.css)</style>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    /// What the hazard axis must hold.
    private static func extent(_ fit: HazardFit?) -> [Double] {
        let laws = [HazardLaw.shipped, fit?.law].compactMap { $0 }
        let curves = laws.flatMap { [$0.hazard(ageHours: ages.range.lowerBound), $0.hazard(ageHours: 96)] }
        let seen = (fit?.ages ?? []).flatMap { bin in
            bin.ends > 0 ? [bin.interval.lowerBound, bin.interval.upperBound] : [bin.interval.upperBound]
        }
        return curves + seen
    }

    private func axes(_ panel: Panel) -> [String] {
        var parts = [SVG.text(panel.left, panel.top - 12, panel.title, "ns-strong")]
        for decade in panel.hazards.decades {
            parts.append(SVG.line(panel.left, panel.y(decade), panel.right, panel.y(decade), "ns-grid"))
            parts.append(
                SVG.text(panel.left - 6, panel.y(decade) + 4, NumberText.significant(decade), "ns-soft", anchor: "end"))
        }
        for tick in Self.ticks {
            parts.append(SVG.line(panel.x(tick.hours), panel.top, panel.x(tick.hours), panel.bottom, "ns-grid"))
            parts.append(
                SVG.text(panel.x(tick.hours), panel.bottom + 16, tick.label, "ns-soft", anchor: "middle"))
        }
        parts.append(SVG.line(panel.left, panel.bottom, panel.right, panel.bottom, "ns-rule"))
        return parts
    }

    private func curves(_ panel: Panel) -> [String] {
        func curve(_ law: HazardLaw, _ style: String) -> String {
            SVG.polyline(
                (0...60).map { index in
                    let age = Self.ages.value(Double(index) / 60)
                    return (panel.x(age), panel.y(law.hazard(ageHours: age)))
                }, style)
        }
        let shipped = SVG.group("the shipped law", curve(.shipped, "ns-needed"))
        guard let fit = panel.fit else { return [shipped] }
        let words = "fitted: \(MarketWords.factor(fit)) times the shipped law; evidence: \(MarketWords.evidence(fit))"
        return [shipped, SVG.group(words, curve(fit.law, "ns-progress"))]
    }

    private func points(_ panel: Panel) -> [String] {
        (panel.fit?.ages ?? []).map { bin in
            let from = max(bin.fromHours, Self.ages.range.lowerBound)
            let until = min(bin.untilHours, Self.ages.range.upperBound)
            let middle = Self.ages.value((Self.ages.fraction(from) + Self.ages.fraction(until)) / 2)
            let (x, interval) = (panel.x(middle), bin.interval)
            let low = bin.ends > 0 ? interval.lowerBound : panel.hazards.range.lowerBound
            var parts = SVG.line(x, panel.y(low), x, panel.y(interval.upperBound), "ns-ink")
            if bin.ends > 0 {
                parts +=
                    "<circle class=\"ns-spot\" cx=\"\(SVG.number(x))\" cy=\"\(SVG.number(panel.y(bin.hazard)))\" r=\"3.2\"/>"
            } else {
                // None was seen to end: only an upper end is known.
                parts += SVG.line(x - 4, panel.y(interval.upperBound), x + 4, panel.y(interval.upperBound), "ns-ink")
            }
            return SVG.group(Self.words(bin), parts)
        }
    }

    /// `age 12 min to 24 min: 5 ended in 8.20 h, 0.61 per hour (0.35–0.96)`, or what a count of none allows.
    private static func words(_ bin: HazardFit.AgeBin) -> String {
        let ages =
            bin.untilHours > 1e5
            ? "over \(MarketWords.duration(hours: bin.fromHours))"
            : "\(MarketWords.duration(hours: bin.fromHours)) to \(MarketWords.duration(hours: bin.untilHours))"
        let (low, high) = (bin.interval.lowerBound, bin.interval.upperBound)
        if bin.ends == 0 {
            return "age \(ages): none ended in \(MarketWords.hundredths(bin.hours)) h, probably at most "
                + "\(NumberText.significant(high)) per hour"
        }
        return "age \(ages): \(bin.ends) ended in \(MarketWords.hundredths(bin.hours)) h, "
            + "\(NumberText.significant(bin.hazard)) per hour "
            + "(\(NumberText.significant(low))–\(NumberText.significant(high)))"
    }

    private func legend(_ y: Double) -> [String] {
        let isFitted = panels.contains { $0.fit != nil }
        let shipped = [
            SVG.polyline([(52, y - 4), (78, y - 4)], "ns-needed"), SVG.text(84, y, "shipped law", "ns-soft"),
        ]
        let fitted = [
            SVG.polyline([(180, y - 4), (206, y - 4)], "ns-progress"), SVG.text(212, y, "fitted", "ns-soft"),
            SVG.line(284, y - 10, 284, y + 2, "ns-ink"),
            "<circle class=\"ns-spot\" cx=\"284\" cy=\"\(SVG.number(y - 4))\" r=\"3.2\"/>",
            SVG.text(292, y, "seen, with 80 % bars", "ns-soft"),
        ]
        return shipped + (isFitted ? fitted : [])
            + [SVG.text(Self.width - 16, y, "per hour, by the age of the spell", "ns-soft", anchor: "end")]
    }
}
