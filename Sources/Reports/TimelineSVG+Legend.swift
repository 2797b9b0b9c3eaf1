// SPDX-License-Identifier: Apache-2.0

extension TimelineSVG {
    /// What lines, patterns and shapes mean: two rows under the axis.
    var legend: [String] {
        let y = TimelineScale.legend
        func swatch(_ style: String, _ pattern: String?) -> (Double, Double) -> String {
            { x, y in
                SVG.rect(x, y - 6, 18, 12, style)
                    + (pattern.map { SVG.rect(x, y - 6, 18, 12, "", extra: " fill=\"url(#\(id)-\($0))\"") } ?? "")
            }
        }
        func stroke(_ style: String) -> (Double, Double) -> String {
            { x, y in SVG.line(x, y, x + 18, y, style) }
        }
        func shape(_ draw: @escaping (Double, Double) -> String) -> (Double, Double) -> String {
            { x, y in draw(x + 9, y) }
        }
        let first: [((Double, Double) -> String, String)] = [
            (stroke("ns-progress"), "progress"), (stroke("ns-durable"), "durable (in a whole checkpoint)"),
            (stroke("ns-needed"), "needed line"), (swatch("ns-spot-soft", "restart"), "restart, no progress"),
            (swatch("ns-spot-soft", "redone"), "redone work"), (swatch("ns-pending", nil), "asked for, not paid"),
        ]
        let second: [((Double, Double) -> String, String)] = [
            (shape(Self.triangle), "checkpoint"), (shape(Self.decision), "decision"),
            (shape(Self.refusal), "no capacity"), (shape(Self.diamond), "interruption notice"),
            (shape(Self.cross), "interruption"), (shape(Self.bang), "training process failed"),
            (shape(Self.tick), "model in place"),
        ]
        return row(first, y) + row(second, y + 26)
    }

    private func row(_ entries: [((Double, Double) -> String, String)], _ y: Double) -> [String] {
        var x = TimelineScale.left
        return entries.map { draw, words in
            defer { x += 24 + SVG.textWidth(words) + 16 }
            return draw(x, y) + SVG.text(x + 24, y + 4, words, "ns-soft")
        }
    }
}
