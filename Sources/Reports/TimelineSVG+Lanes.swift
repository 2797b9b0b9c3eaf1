// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Who was paid when: a lane for waiting, one for Spot, one for on-demand.
extension TimelineSVG {
    var lanes: [String] {
        let names = ["waiting", "Spot", "on-demand"]
        var parts: [String] = []
        for (index, name) in names.enumerated() {
            let y = TimelineScale.lane(index)
            parts.append(
                SVG.rect(
                    TimelineScale.left, y, TimelineScale.right - TimelineScale.left, TimelineScale.laneHeight, "ns-lane"
                ))
            parts.append(SVG.text(TimelineScale.left - 8, y + 17, name, "ns-strong", anchor: "end"))
        }
        let waiting = timeline.waitingSpans(at: now).map { band($0, lane: 0) }
        return parts + waiting
            + timeline.launchSpans(at: now).map { band($0, lane: $0.offer?.purchase == .onDemand ? 2 : 1) }
    }

    private func band(_ span: TimelineSpan, lane: Int) -> String {
        let (from, until) = (scale.x(span.from), scale.x(span.until))
        let width = max(0.5, until - from)
        let y = TimelineScale.lane(lane)
        let soft = lane == 2 ? "ns-od-soft" : "ns-spot-soft"
        func area(_ style: String, pattern: String? = nil) -> String {
            let inset = span.kind == .pending ? 0.5 : 0
            return SVG.rect(
                from + inset, y + inset, max(0.5, width - 2 * inset), TimelineScale.laneHeight - 2 * inset, style)
                + (pattern.map {
                    SVG.rect(from, y, width, TimelineScale.laneHeight, "", extra: " fill=\"url(#\(id)-\($0))\"")
                } ?? "")
        }
        let shape =
            switch span.kind {
            case .waiting: area("ns-wait")
            case .pending: area("ns-pending")
            case .restart: area(soft, pattern: "restart")
            case .redone: area(soft, pattern: "redone")
            case .training: area(lane == 2 ? "ns-od" : "ns-spot")
            }
        let words = Self.words(span.kind)
        let length = DurationText.short(span.duration)
        let labels = span.kind == .waiting ? [length] : ["\(words) \(length)", words]
        let label = labels.first { SVG.textWidth($0) + 6 < width }
        let style = span.kind == .training ? "ns-on" : ""
        // A label over a pattern would be hard to read; patterns are explained in the legend.
        let isPlain = span.kind == .training || span.kind == .waiting || span.kind == .pending
        let text = isPlain ? label.map { SVG.text(from + width / 2, y + 17, $0, style, anchor: "middle") } ?? "" : ""
        return SVG.group(tooltip(span), shape + text)
    }

    static func words(_ kind: TimelineSpan.Kind) -> String {
        switch kind {
        case .waiting: "waiting"
        case .pending: "asked for"
        case .restart: "restart"
        case .redone: "redone"
        case .training: "training"
        }
    }

    private func tooltip(_ span: TimelineSpan) -> String {
        let what =
            switch span.kind {
            case .waiting: "waiting without a machine"
            case .pending: "asked for, no capacity yet"
            case .restart: "restart: paid, no progress yet"
            case .redone: "work that a lost machine had done already"
            case .training: "training"
            }
        let who = span.key.map { "launch \(LaunchName.short($0)), " } ?? ""
        let offer = span.offer.map { OutcomeWords.offer($0) + ": " } ?? ""
        return "\(who)\(offer)\(what), \(clock.seconds(span.from))–\(clock.seconds(span.until)) "
            + "(\(DurationText.exact(span.duration)))"
    }
}
