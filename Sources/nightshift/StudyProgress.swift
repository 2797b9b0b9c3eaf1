// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// One line on a terminal's stderr that says how far a study is, once it has taken more than two seconds. Elsewhere it
/// says nothing.
final class StudyProgress: Sendable {
    private struct State {
        var words = ""
        var done = 0
        /// `nil` where nobody counts.
        var count: Int?
        var isPainted = false
        var isOver = false
    }

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    private let isShown: Bool

    init(isShown: Bool = Console.isLive) {
        self.isShown = isShown
        if isShown { paintLater() }
    }

    func begin(_ words: String, of count: Int?) {
        state.withLock { state in (state.words, state.done, state.count) = (words, 0, count) }
    }

    /// May be called from any task.
    func step() { state.withLock { $0.done += 1 } }

    /// Leaves no trace of the line.
    func end() {
        state.withLock { state in
            if state.isPainted { Console.paint("\r\u{1b}[K") }
            (state.isPainted, state.isOver) = (false, true)
        }
    }

    /// On a thread of its own: a study takes all that tasks have.
    private func paintLater() {
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { [self] in
            let goesOn = state.withLock { state in
                guard !state.isOver else { return false }
                let passed = began.duration(to: .now)
                guard passed > .seconds(2) else { return true }
                Console.paint("\r\(Self.line(state.words, state.done, state.count, passed))\u{1b}[K")
                state.isPainted = true
                return true
            }
            if goesOn { paintLater() }
        }
    }

    /// `200 nights under 3 policies: 45 of 200, 12 s`
    static func line(_ words: String, _ done: Int, _ count: Int?, _ passed: Duration) -> String {
        let share = count.map { "\(min(done, $0)) of \($0), " } ?? ""
        return "\(words): \(share)\(passed.components.seconds) s"
    }
}
