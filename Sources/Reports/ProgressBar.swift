// SPDX-License-Identifier: Apache-2.0

/// Progress in one line: done, done but not durable yet, to do, and where uniform progress would be now.
package struct ProgressBar: Sendable {
    package enum Style: Sendable {
        case unicode
        /// For terminals that are not UTF-8.
        case ascii
    }

    private let style: Style

    package init(_ style: Style) {
        self.style = style
    }

    /// All figures are fractions of the whole job. `cells` does not count the two brackets.
    package func text(done: Double, durable: Double, needed: Double, cells: Int) -> String {
        let cells = max(1, cells)
        func position(_ fraction: Double) -> Int { Int((min(1, max(0, fraction)) * Double(cells)).rounded(.down)) }
        let (doneCells, durableCells) = (position(done), position(durable))
        let mark = min(position(needed), cells - 1)
        let symbols = style == .unicode ? ("█", "▓", "░", "┃") : ("#", "+", ".", "|")
        let bar = (0..<cells).map { cell in
            if cell == mark { return symbols.3 }
            if cell < min(doneCells, durableCells) { return symbols.0 }
            return cell < doneCells ? symbols.1 : symbols.2
        }
        return "[\(bar.joined())]"
    }
}
