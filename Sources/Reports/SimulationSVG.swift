// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
import TrainingJobs

/// A study in one picture: mean cost against the deadline, the spread of cost, and one night's course against the line
/// that an even pace would need.
///
/// Self-contained, without script; the same study gives the same bytes.
package struct SimulationSVG: Sendable {
    /// Without the legend.
    private static let (width, height) = (960.0, 526.0)

    private let report: SimulationReport
    private let style: SimulationStyle

    /// The report must have its sweep and its courses.
    package init(_ report: SimulationReport) {
        precondition(!report.sweep.isEmpty && report.courses.count == report.results.count, "a study without pictures")
        self.report = report
        style = SimulationStyle(report.results.map(\.policy))
    }

    var legend: SimulationLegend { SimulationLegend(report, style) }

    package var text: String {
        let legend = legend.drawn(left: 64, right: Self.width - 16, top: 10)
        let height = Self.height + legend.bottom
        return framed(
            height,
            legend.parts + ["<g transform=\"translate(0 \(SVG.number(legend.bottom)))\">"] + plots + ["</g>"])
    }

    /// For a page that has the legend above it.
    var textWithoutLegend: String { framed(Self.height, plots) }

    private var plots: [String] { sweep + spread + course }

    private func framed(_ height: Double, _ parts: [String]) -> String {
        let (width, tall) = (SVG.number(Self.width), SVG.number(height))
        let title = SimulationWords(report: report).title
        let parts = [SVG.rect(0, 0, Self.width, height, "ns-back")] + parts
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="ns" role="img" viewBox="0 0 \(width) \(tall)" \
            width="\(width)" height="\(tall)" aria-label="\(HTMLText.escaped(title))">
            <style>\(TimelineStyle.css)
            \(style.css)</style>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    private static func dollars(_ money: Money) -> Double { Double(money.roundedMicrodollars) / 1e6 }
    private static func dollarText(_ dollars: Double) -> String { "$\(NumberText.significant(dollars))" }
    private static func hours(_ duration: Duration) -> Double { duration.realSeconds / 3600 }
    private static func hourText(_ hours: Double) -> String { "\(NumberText.significant(hours)) h" }

    private var sweep: [String] {
        let hours = report.sweep.map { Self.hours($0.window) }
        let most = report.sweep.flatMap(\.results).map { Self.dollars($0.mean) }.max() ?? 1
        let plot = SimulationPlot(
            title: "Mean cost of a night, by hours from start to deadline", left: 64, right: 466, top: 44, bottom: 236,
            across: (hours.min() ?? 0)...(hours.max() ?? 1), up: 0...(most * 1.08))
        var parts = plot.axes(across: Self.hourText, up: Self.dollarText)
        let own = plot.x(Self.hours(report.terms.deadline - report.terms.start))
        parts.append(SVG.group("the job's own deadline", SVG.line(own, plot.top, own, plot.bottom, "ns-now")))
        for (index, result) in report.results.enumerated() {
            let points = report.sweep.compactMap { point in
                point.results.first { $0.policy == result.policy }.map { (point, $0) }
            }
            let places = points.map { (x: plot.x(Self.hours($0.0.window)), y: plot.y(Self.dollars($0.1.mean))) }
            let late = zip(points, places).filter { $0.0.1.onTime < $0.0.1.nights.count }.map { _, place in
                "<circle class=\"sim-late\" cx=\"\(SVG.number(place.x))\" cy=\"\(SVG.number(place.y))\" r=\"4\"/>"
            }
            parts.append(
                SVG.group(
                    result.policy.rawValue, SVG.polyline(places, style.line(index)) + late.joined()))
        }
        return parts
    }

    /// A row a policy: every night's cost as a stroke, the middle eight tenths as a bar, the median and the mean.
    private var spread: [String] {
        let most = report.results.map { Self.dollars($0.percentile(100)) }.max() ?? 1
        let plot = SimulationPlot(
            title: "Cost of a night: 10 to 90 % (bar), median (stroke), mean (dot)", left: 516,
            right: 930,
            top: 44, bottom: 236, across: 0...(most * 1.05), up: 0...1)
        var parts = plot.axes(across: Self.dollarText)
        let row = (plot.bottom - plot.top) / Double(report.results.count)
        for (index, result) in report.results.enumerated() {
            let middle = plot.top + row * (Double(index) + 0.6)
            let half = min(9, row * 0.22)
            let (low, high) = (plot.x(Self.dollars(result.percentile(10))), plot.x(Self.dollars(result.percentile(90))))
            let (least, greatest) = (
                plot.x(Self.dollars(result.percentile(1))), plot.x(Self.dollars(result.percentile(100)))
            )
            let median = plot.x(Self.dollars(result.percentile(50)))
            let fill = style.fill(index)
            let name = result.policy.rawValue
            parts.append(
                SVG.text(
                    plot.left + 2, middle - half - 3,
                    result.everyNightMadeModel ? name : "\(name) – some nights made no model", "ns-soft"))
            guard result.everyNightMadeModel else { continue }
            parts.append(
                SVG.group(
                    "\(result.policy.rawValue): \(result.percentile(10).text), \(result.percentile(50).text), "
                        + result.percentile(90).text,
                    SVG.line(least, middle, greatest, middle, "ns-rule")
                        + SVG.rect(low, middle - half, max(2, high - low), half * 2, fill, extra: " opacity=\".45\"")
                        + SVG.rect(median - 1.2, middle - half, 2.4, half * 2, fill)
                        + "<circle class=\"ns-decision\" cx=\"\(SVG.number(plot.x(Self.dollars(result.mean))))\" "
                        + "cy=\"\(SVG.number(middle))\" r=\"3.4\"/>"))
        }
        return parts
    }

    private var course: [String] {
        let terms = report.terms
        let timelines = report.courses.map { Timeline($0) }
        let ends = timelines.compactMap(\.finishedAt) + [terms.deadline]
        let clock = terms.clock
        let plot = SimulationPlot(
            title:
                "One night, dearer than three in four of the first policy's: progress against an even pace to the deadline",
            left: 64,
            right: 930, top: 304, bottom: 492, across: 0...Self.hours((ends.max() ?? terms.deadline) - terms.start),
            up: 0...100)
        var parts = plot.axes(
            across: { clock.minutes(terms.start + .milliseconds(Int64($0 * 3_600_000))) }, up: { "\(Int($0)) %" })
        func place(_ at: Instant, _ units: Double) -> (x: Double, y: Double) {
            (plot.x(Self.hours(at - terms.start)), plot.y(units / max(terms.totalUnits, 1e-9) * 100))
        }
        let deadline = place(terms.deadline, 0).x
        parts.append(SVG.group("deadline", SVG.line(deadline, plot.top, deadline, plot.bottom, "ns-deadline")))
        let needed = [place(terms.start, 0), place(terms.deadline, terms.totalUnits)]
        parts.append(SVG.group("needed: an even pace from start to deadline", SVG.polyline(needed, "ns-needed")))
        for (index, timeline) in timelines.enumerated() {
            parts.append(
                SVG.group(
                    report.results[index].policy.rawValue,
                    SVG.polyline(timeline.progress.map { place($0.at, $0.units) }, style.line(index))))
        }
        return parts
    }
}
