// SPDX-License-Identifier: Apache-2.0

/// Redraws a live view in place. It returns what is to be written, and writes nothing itself.
package struct LivePainter: Sendable {
    private let isTerminal: Bool
    private var painted = 0

    /// Without a terminal nothing is ever drawn: `EventLine` is for that.
    package init(isTerminal: Bool) {
        self.isTerminal = isTerminal
    }

    /// The new picture over the old one; `above` is written once, before it, and scrolls away with the log.
    package mutating func paint(_ lines: [String], above: [String] = []) -> String {
        guard isTerminal else { return "" }
        let up = painted > 0 ? "\u{1B}[\(painted)A" : ""
        painted = lines.count
        return up + (above + lines).map { "\r\u{1B}[2K\($0)\n" }.joined() + "\u{1B}[0J"
    }

    /// Takes the picture away, so that a report can stand in its place.
    package mutating func clear() -> String {
        defer { painted = 0 }
        return isTerminal && painted > 0 ? "\u{1B}[\(painted)A\r\u{1B}[0J" : ""
    }
}
