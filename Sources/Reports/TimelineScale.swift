// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Where things are in the timeline's picture, in its own units.
struct TimelineScale {
    static let width = 960.0
    static let left = 96.0
    static let right = 940.0
    static let curveTop = 56.0
    static let curveBottom = 236.0
    static let checkpointRow = 256.0
    static let decisionRow = 278.0
    static let eventRow = 300.0
    static let firstLane = 318.0
    static let laneHeight = 26.0
    static let laneGap = 6.0
    static let axis = 416.0
    static let legend = 466.0
    static let height = 510.0

    let start: Instant
    let end: Instant
    let totalUnits: Double

    /// From the night's start to its deadline, or further when it went on, and a little room after that.
    init(_ summary: NightSummary) {
        let terms = summary.terms
        start = terms.start
        let last = [terms.deadline, summary.readyAt ?? start, summary.finishedAt ?? summary.at].max()!
        end = last + .milliseconds(max(60000, (last - start).milliseconds / 40))
        totalUnits = terms.totalUnits
    }

    /// Between ticks of the axis: the shortest that leaves at most twelve.
    var step: Duration {
        let steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map { Duration.minutes($0) }
        return steps.first { $0 * 12 >= end - start } ?? .hours(24 * (1 + Int((end - start).realSeconds / 1_036_800)))
    }

    func x(_ instant: Instant) -> Double {
        let fraction = (instant - start).realSeconds / (end - start).realSeconds
        return Self.left + (Self.right - Self.left) * min(1, max(0, fraction))
    }

    func y(_ units: Double) -> Double {
        let fraction = totalUnits > 0 ? min(1, max(0, units / totalUnits)) : 0
        return Self.curveBottom - (Self.curveBottom - Self.curveTop) * fraction
    }

    static func lane(_ index: Int) -> Double { firstLane + Double(index) * (laneHeight + laneGap) }

    /// To a tenth, without an exponent: the same text on every machine.
    static func number(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        let rest = tenths.magnitude % 10
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10)\(rest == 0 ? "" : ".\(rest)")"
    }
}

/// Elements of SVG. Every text goes through `HTMLText`.
enum SVG {
    static func number(_ value: Double) -> String { TimelineScale.number(value) }

    static func rect(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, extra: String = "")
        -> String
    {
        "<rect class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
            + "height=\"\(number(height))\"\(extra)/>"
    }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>"
    }

    static func text(_ x: Double, _ y: Double, _ words: String, _ style: String, anchor: String = "start") -> String {
        "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">"
            + "\(HTMLText.escaped(words))</text>"
    }

    static func path(_ data: String, _ style: String) -> String { "<path class=\"\(style)\" d=\"\(data)\"/>" }

    static func polyline(_ points: [(x: Double, y: Double)], _ style: String) -> String {
        let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        return "<polyline class=\"\(style)\" points=\"\(list)\"/>"
    }

    static func group(_ title: String, _ content: String) -> String {
        "<g><title>\(HTMLText.escaped(title))</title>\(content)</g>"
    }

    /// Roughly how wide a text of 11 units is.
    static func textWidth(_ words: String) -> Double { Double(words.count) * 6.1 }
}
