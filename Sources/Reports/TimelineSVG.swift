// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A night as a picture: progress against the needed line above, machines below, one axis of local time.
///
/// Self-contained, without script; the same night gives the same bytes. What happened at a mark is in its tooltip.
package struct TimelineSVG: Sendable {
    let timeline: Timeline
    let summary: NightSummary
    let clock: ClockText
    let scale: TimelineScale
    let id: String
    let now: Instant

    /// `id` begins the names of the picture's patterns: it must differ between pictures of one page. `nil` for a night
    /// that was not opened.
    package init?(_ timeline: Timeline, _ bill: Bill, at now: Instant, id: String) {
        guard let summary = NightSummary(timeline, bill, at: now) else { return nil }
        self.timeline = timeline
        self.summary = summary
        self.now = summary.finishedAt ?? now
        self.id = HTMLText.escaped(id)
        clock = summary.terms.clock
        scale = TimelineScale(summary)
    }

    package var text: String {
        let (width, height) = (SVG.number(TimelineScale.width), SVG.number(TimelineScale.height))
        let parts =
            [TimelineStyle.patterns(id), SVG.rect(0, 0, TimelineScale.width, TimelineScale.height, "ns-back")]
            + axis + curves + lanes + lines + marks + legend
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="ns" role="img" viewBox="0 0 \(width) \(height)" \
            width="\(width)" height="\(height)" aria-label="\(HTMLText.escaped(label))">
            <style>\(TimelineStyle.css)</style>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    /// The picture in words.
    private var label: String {
        let facts = ReportFacts(summary)
        return OutcomeSentence(summary).time + ". " + facts.interruptions + ". Redone work: \(facts.redone)."
    }

    private var axis: [String] {
        let bottom = TimelineScale.axis
        var parts = [SVG.line(TimelineScale.left, bottom, TimelineScale.right, bottom, "ns-rule")]
        var tick = clock.tick(from: scale.start, every: scale.step)
        var date = ""
        while tick <= scale.end {
            let x = scale.x(tick)
            parts.append(SVG.line(x, TimelineScale.curveTop, x, bottom + 4, "ns-grid"))
            parts.append(SVG.text(x, bottom + 18, clock.minutes(tick), "ns-soft", anchor: "middle"))
            if clock.date(tick) != date {
                date = clock.date(tick)
                parts.append(SVG.text(x, bottom + 32, date, "ns-soft", anchor: "middle"))
            }
            tick += scale.step
        }
        for percent in [0, 25, 50, 75, 100] {
            let y = scale.y(scale.totalUnits * Double(percent) / 100)
            parts.append(SVG.line(TimelineScale.left, y, TimelineScale.right, y, "ns-grid"))
            parts.append(SVG.text(TimelineScale.left - 8, y + 4, "\(percent) %", "ns-soft", anchor: "end"))
        }
        return parts
    }

    private var curves: [String] {
        let bottom = scale.y(0)
        let curve = timeline.progress.map { (x: scale.x($0.at), y: scale.y($0.units)) }
        var area = curve
        if let first = curve.first, let last = curve.last { area += [(last.x, bottom), (first.x, bottom)] }
        var durable: [(x: Double, y: Double)] = []
        for point in timeline.durable {
            if let last = durable.last { durable.append((scale.x(point.at), last.y)) }
            durable.append((scale.x(point.at), scale.y(point.units)))
        }
        if let last = durable.last { durable.append((scale.x(summary.readyAt ?? now), last.y)) }
        let terms = summary.terms
        let needed = [
            (x: scale.x(terms.start), y: bottom), (x: scale.x(terms.deadline), y: scale.y(terms.totalUnits)),
        ]
        return [
            SVG.polyline(area, "ns-area"),
            SVG.group("needed: uniform progress from start to deadline", SVG.polyline(needed, "ns-needed")),
            SVG.group("durable: inside the newest whole checkpoint", SVG.polyline(durable, "ns-durable")),
            SVG.polyline(curve, "ns-progress"),
        ]
    }

    /// The upright lines, with their labels on as many rows as they need to stay apart.
    private var lines: [String] {
        let terms = summary.terms
        var lines: [(at: Instant, words: String, style: String)] = [
            (terms.deadline, "deadline \(clock.minutes(terms.deadline))", "ns-deadline")
        ]
        if let latest = latestSafeSwitch {
            lines.append((latest, "latest safe switch \(clock.minutes(latest))", "ns-switch"))
        }
        if let ready = summary.readyAt {
            lines.append((ready, "ready \(clock.minutes(ready))", "ns-ready"))
        } else if summary.outcome == nil {
            lines.append((now, "now \(clock.minutes(now))", "ns-now"))
        }
        var rowEnds: [Double] = []
        return lines.sorted { $0.at < $1.at }.map { line in
            let x = scale.x(line.at)
            let half = SVG.textWidth(line.words) / 2
            let middle = min(max(x, TimelineScale.left + half), TimelineScale.width - half - 4)
            let row = rowEnds.firstIndex { $0 < middle - half - 6 } ?? rowEnds.count
            if row == rowEnds.count { rowEnds.append(0) }
            rowEnds[row] = middle + half
            let y = 14 + Double(row) * 15
            return SVG.line(x, y + 4, x, TimelineScale.axis, line.style)
                + SVG.text(middle, y, line.words, "ns-strong", anchor: "middle")
        }
    }

    /// The one that mattered: of the decision to switch, else the last one; none when nothing else was ever bought.
    private var latestSafeSwitch: Instant? {
        guard summary.terms.policy != .onDemandOnly else { return nil }
        let switched = timeline.decisions.last {
            $0.decision.reason == .latestSafeSwitch || $0.decision.reason == .noRoomForSpot
        }
        return switched?.decision.latestSafeSwitch ?? timeline.latestSafeSwitch
    }
}
