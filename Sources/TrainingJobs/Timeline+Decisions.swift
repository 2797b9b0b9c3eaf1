// SPDX-License-Identifier: Apache-2.0

extension Timeline {
    /// The decisions without the inside of a wait: a night that asks every few minutes and is refused decides the same
    /// two things in turn, a hundred times. The first and the last two of such a run are left.
    package var tellingDecisions: [RecordedDecision] {
        decisions.indices.filter { index in
            guard index >= 2, index + 2 < decisions.count else { return true }
            return !(alternates(index - 2, index) && alternates(index - 1, index + 1) && alternates(index, index + 2))
        }.map { decisions[$0] }
    }

    private func alternates(_ first: Int, _ second: Int) -> Bool {
        decisions[first].decision.choice == decisions[second].decision.choice
            && decisions[first].decision.reason == decisions[second].decision.reason
    }
}
