// SPDX-License-Identifier: Apache-2.0

/// Lets two writers make their calls to the store in exactly the order of a script, one call at a time.
///
/// A script is a list of runs: the writer of the first run makes that many calls, then the other, and so on. When it is
/// used up, the writer whose turn comes next goes on to its end. A writer that has finished gives its turns away.
actor Turnstile {
    private let writers = 2
    private var runs: [Int]
    private var turn: Int
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var finished: Set<Int> = []
    private(set) var calls = [0, 0]

    init(first: Int, runs: [Int]) {
        turn = first
        self.runs = runs
    }

    func enter(_ writer: Int) async {
        await withCheckedContinuation { continuation in
            waiting[writer] = continuation
            letNextIn()
        }
    }

    func finish(_ writer: Int) {
        finished.insert(writer)
        letNextIn()
    }

    private func letNextIn() {
        // Nobody moves while another is between its calls: that is what makes the order exact.
        guard waiting.count + finished.count == writers, !waiting.isEmpty else { return }
        while let left = runs.first, left == 0 {
            runs.removeFirst()
            turn = 1 - turn
        }
        if finished.contains(turn) { turn = 1 - turn } else if !runs.isEmpty { runs[0] -= 1 }
        calls[turn] += 1
        waiting.removeValue(forKey: turn)?.resume()
    }
}
