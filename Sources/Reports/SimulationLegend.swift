// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import TrainingJobs

/// What the lines of a study's picture mean: in the picture in as many rows as it needs, on a page as text that wraps.
struct SimulationLegend {
    private let entries: [(style: String, words: String)]

    init(_ report: SimulationReport, _ style: SimulationStyle) {
        var entries = report.results.enumerated().map { (style.line($0.offset), $0.element.policy.rawValue) }
        entries += [
            ("ns-needed", "even pace"), ("ns-now", "the job's deadline"), ("ns-deadline", "that night's deadline"),
        ]
        if report.sweep.contains(where: { $0.results.contains { $0.onTime < $0.nights.count } }) {
            entries.append(("sim-late", "some nights late"))
        }
        self.entries = entries
    }

    /// From `left` to `right`, and how far down it reaches.
    func drawn(left: Double, right: Double, top: Double) -> (parts: [String], bottom: Double) {
        var parts: [String] = []
        var (x, y) = (left, top + 14)
        for (style, words) in entries {
            let width = 32 + SVG.textWidth(words)
            if x > left, x + width > right { (x, y) = (left, y + 18) }
            parts.append(Self.sample(style, x, y - 4))
            parts.append(SVG.text(x + 32, y, words, "ns-soft"))
            x += width + 18
        }
        return (parts, y + 6)
    }

    var html: String {
        let items = entries.map { style, words in
            "<li><svg class=\"ns\" width=\"28\" height=\"12\" aria-hidden=\"true\">\(Self.sample(style, 1, 6))</svg> "
                + "\(HTMLText.escaped(words))</li>"
        }
        return "<ul class=\"legend\">\(items.joined())</ul>"
    }

    private static func sample(_ style: String, _ x: Double, _ y: Double) -> String {
        style == "sim-late"
            ? "<circle class=\"\(style)\" cx=\"\(SVG.number(x + 13))\" cy=\"\(SVG.number(y))\" r=\"4\"/>"
            : SVG.line(x, y, x + 26, y, style)
    }
}
