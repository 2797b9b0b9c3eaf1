// SPDX-License-Identifier: Apache-2.0

package import Drills

/// One metric of one disturbed run over the undisturbed one, with the places of the resumes marked.
///
/// Self-contained, without script; the same runs give the same bytes.
package struct DrillSVG: Sendable {
    private static let (width, height) = (680.0, 240.0)
    private static let (left, right, top, bottom) = (62.0, 664.0, 30.0, 196.0)

    private let metric: String
    private let control: [(units: Double, value: Double)]
    private let stays: [(resumedAt: Double?, points: [(units: Double, value: Double)])]
    private let title: String
    private let units: ClosedRange<Double>
    private let values: ClosedRange<Double>

    /// `nil` when the metric was never told.
    package init?(_ run: DrillRun, over control: DrillRun, metric: String, title: String) {
        self.metric = metric
        self.title = title
        self.control = Self.points(control.stays.flatMap(\.values), metric)
        stays = run.stays.map { ($0.restored?.units, Self.points($0.values, metric)) }
        let all = self.control + stays.flatMap(\.points)
        guard let low = all.map(\.value).min(), let high = all.map(\.value).max(),
            let last = all.map(\.units).max()
        else { return nil }
        // Halves, because the difference of two numbers may be larger than any number.
        let room = max((high / 2 - low / 2) * 0.12, abs(high) * 1e-6, 1e-12)
        let largest = Double.greatestFiniteMagnitude
        values = max(low - room, -largest)...min(high + room, largest)
        units = 0...max(last, 1e-9)
    }

    /// At most a thousand: of more, the lowest and the highest of each few neighbours.
    private static func points(_ values: [LoggedValue], _ metric: String) -> [(units: Double, value: Double)] {
        let points = values.filter { $0.metric == metric && $0.value.isFinite && $0.units.isFinite }
            .map { (units: $0.units, value: $0.value) }
        guard points.count > 1000 else { return points }
        let size = (points.count + 499) / 500
        return stride(from: 0, to: points.count, by: size).flatMap { start -> [(units: Double, value: Double)] in
            let few = start..<min(points.count, start + size)
            let low = few.min { points[$0].value < points[$1].value } ?? start
            let high = few.max { points[$0].value < points[$1].value } ?? start
            return low == high ? [points[low]] : [points[min(low, high)], points[max(low, high)]]
        }
    }

    package var text: String {
        let (width, height) = (SVG.number(Self.width), SVG.number(Self.height))
        let parts =
            [SVG.rect(0, 0, Self.width, Self.height, "ns-back")] + axes + [undisturbed] + resumes + disturbed + legend
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="ns" role="img" viewBox="0 0 \(width) \(height)" \
            width="\(width)" height="\(height)" aria-label="\(HTMLText.escaped("\(metric): \(title)"))">
            <style>\(TimelineStyle.css)</style>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    /// A resume may lie beyond the last unit that was told; it stays inside the picture.
    private func x(_ unit: Double) -> Double {
        let fraction = (unit - units.lowerBound) / (units.upperBound - units.lowerBound)
        return Self.left + (Self.right - Self.left) * max(0, min(1, fraction))
    }

    private func y(_ value: Double) -> Double {
        let (low, high) = (values.lowerBound / 2, values.upperBound / 2)
        return Self.bottom - (Self.bottom - Self.top) * ((value / 2 - low) / (high - low))
    }

    private var axes: [String] {
        var parts = [SVG.line(Self.left, Self.bottom, Self.right, Self.bottom, "ns-rule")]
        let steps = Self.step(units.upperBound)
        for index in 0...Int((units.upperBound / steps).rounded(.down)) {
            let unit = Double(index) * steps
            parts.append(
                SVG.text(
                    x(unit), Self.bottom + 16, NumberText.significant(unit), "ns-soft", anchor: "middle"))
        }
        for part in 0...3 {
            let between = values.lowerBound / 3 * Double(3 - part) + values.upperBound / 3 * Double(part)
            let value = max(values.lowerBound, min(values.upperBound, between))
            parts.append(SVG.line(Self.left, y(value), Self.right, y(value), "ns-grid"))
            parts.append(SVG.text(Self.left - 6, y(value) + 4, NumberText.significant(value), "ns-soft", anchor: "end"))
        }
        parts.append(SVG.text(Self.left, 18, "\(metric): \(title)", "ns-strong"))
        return parts
    }

    /// A round distance of ticks: twelve at most.
    private static func step(_ total: Double) -> Double {
        var step = 1.0
        while total / step < 3 { step /= 10 }
        let factors = [2.0, 2.5, 2.0]
        var turn = 0
        while total / step > 12 {
            step *= factors[turn % 3]
            turn += 1
        }
        return step
    }

    private var undisturbed: String {
        SVG.group("undisturbed", SVG.polyline(control.map { (x($0.units), y($0.value)) }, "ns-needed"))
    }

    private var disturbed: [String] {
        stays.enumerated().map { index, stay in
            let name = index == 0 ? "until the disturbance" : "after resume \(index)"
            // So many dots would be a band.
            let dots = (stay.points.count > 200 ? [] : stay.points).map { point in
                "<circle class=\"\(index == 0 ? "ns-dot" : "ns-spot")\" cx=\"\(SVG.number(x(point.units)))\" "
                    + "cy=\"\(SVG.number(y(point.value)))\" r=\"2.4\"/>"
            }
            return SVG.group(
                name,
                SVG.polyline(stay.points.map { (x($0.units), y($0.value)) }, index == 0 ? "ns-progress" : "ns-durable")
                    + dots.joined())
        }
    }

    private var resumes: [String] {
        stays.dropFirst().map { stay in
            let place = x(stay.resumedAt ?? 0)
            let words = stay.resumedAt.map { "resumed at \(NumberText.exact($0))" } ?? "started again"
            let anchor = place > Self.right - 120 ? "end" : "start"
            return SVG.line(place, Self.top, place, Self.bottom, "ns-switch")
                + SVG.text(anchor == "end" ? place - 4 : place + 4, Self.bottom - 6, words, "ns-soft", anchor: anchor)
        }
    }

    private var legend: [String] {
        let y = Self.height - 12
        return [
            SVG.polyline([(Self.left, y - 4), (Self.left + 26, y - 4)], "ns-needed"),
            SVG.text(Self.left + 32, y, "undisturbed", "ns-soft"),
            SVG.polyline([(Self.left + 128, y - 4), (Self.left + 154, y - 4)], "ns-progress"),
            SVG.text(Self.left + 160, y, "until the disturbance", "ns-soft"),
            SVG.polyline([(Self.left + 306, y - 4), (Self.left + 332, y - 4)], "ns-durable"),
            SVG.text(Self.left + 338, y, "after a resume", "ns-soft"),
        ]
    }
}

extension DrillReport {
    /// Pictures of every disturbed run, in order: of the metric that says most about it.
    package var pictures: [(name: String, svg: String)] {
        guard let control = controls.first else { return [] }
        return verdicts.compactMap { verdict in
            guard let metric = verdict.metricToShow ?? defaultMetric,
                let picture = DrillSVG(
                    verdict.run, over: control, metric: metric,
                    title: verdict.disturbance.map(DrillWords.disturbance) ?? verdict.run.name)
            else { return nil }
            return (verdict.run.name, picture.text)
        }
    }

    private var defaultMetric: String? {
        let names = tolerances.map(\.metric)
        return names.first { $0.lowercased().contains("loss") } ?? names.first
    }
}

extension DisturbanceVerdict {
    /// The learning rate where that is what differs, else a loss that differs.
    fileprivate var metricToShow: String? {
        let differing = findings.compactMap { finding in
            if case .metricDiffers(let metric, _, _, _, _, _) = finding { metric } else { nil }
        }
        let rate = diagnosis?.cause == .learningRate ? differing.first { DrillJudge.isLearningRate($0) } : nil
        return rate ?? differing.first { $0.lowercased().contains("loss") } ?? differing.first
    }
}
