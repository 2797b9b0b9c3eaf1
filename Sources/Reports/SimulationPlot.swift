// SPDX-License-Identifier: Apache-2.0

/// A frame with two linear axes in a study's picture. What lies beyond is drawn at its edge.
struct SimulationPlot {
    let title: String
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    let across: ClosedRange<Double>
    let up: ClosedRange<Double>

    func x(_ value: Double) -> Double { left + (right - left) * Self.fraction(value, across) }
    func y(_ value: Double) -> Double { bottom - (bottom - top) * Self.fraction(value, up) }

    /// The frame's title and its axes with round figures; without words, no axis goes up.
    func axes(across acrossWords: (Double) -> String, up upWords: ((Double) -> String)? = nil) -> [String] {
        var parts = [SVG.text(left, top - 12, title, "ns-strong"), SVG.line(left, bottom, right, bottom, "ns-rule")]
        for value in Self.ticks(across, most: Int((right - left) / 60)) {
            parts.append(SVG.line(x(value), bottom, x(value), bottom + 4, "ns-rule"))
            parts.append(SVG.text(x(value), bottom + 16, acrossWords(value), "ns-soft", anchor: "middle"))
        }
        guard let upWords else { return parts }
        for value in Self.ticks(up, most: 5) {
            parts.append(SVG.line(left, y(value), right, y(value), "ns-grid"))
            parts.append(SVG.text(left - 6, y(value) + 4, upWords(value), "ns-soft", anchor: "end"))
        }
        return parts
    }

    /// Round values within a range, `most` at most.
    static func ticks(_ range: ClosedRange<Double>, most: Int) -> [Double] {
        let length = range.upperBound - range.lowerBound
        guard length > 0, length.isFinite, most > 0 else { return [] }
        var step = 1.0
        while length / step < 1 { step /= 10 }
        while length / step > 10 { step *= 10 }
        for factor in [0.1, 0.2, 0.5, 1, 2, 5, 10] where length / (step * factor) <= Double(most) {
            step *= factor
            break
        }
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        return first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
    }

    private static func fraction(_ value: Double, _ range: ClosedRange<Double>) -> Double {
        let length = range.upperBound - range.lowerBound
        return length > 0 ? min(1, max(0, (value - range.lowerBound) / length)) : 0.5
    }
}
