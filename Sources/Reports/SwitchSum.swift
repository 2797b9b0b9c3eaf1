// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The parts of the latest safe switch, in the order in which they happen.
struct SwitchSum {
    private let terms: NightTerms
    private let workLeft: Duration

    /// The work left is what the instant leaves room for, so that the printed sum always holds.
    init(_ terms: NightTerms, latest: Instant) {
        self.terms = terms
        workLeft =
            terms.promisedBy - latest - terms.restartOverhead - terms.uploadTime - terms.onDemandWait
            - terms.safetyMargin
    }

    var total: Duration { parts.reduce(.zero) { $0 + $1.1 } }
    var totalText: String { text(total) }

    /// `work left 2 h 10 + restart 12 min + upload 4 min + on-demand wait 58 min + margin 15 min = 3 h 39`
    var words: String {
        parts.map { "\($0.0) \(text($0.1))" }.joined(separator: " + ") + " = \(totalText)"
    }

    private var parts: [(String, Duration)] {
        [
            ("work left", workLeft), ("restart", terms.restartOverhead), ("upload", terms.uploadTime),
            ("on-demand wait", terms.onDemandWait), ("margin", terms.safetyMargin),
        ]
    }

    /// Seconds are shown as soon as one part has some: a sum with cut parts would not add up.
    private func text(_ duration: Duration) -> String {
        let whole = parts.allSatisfy { $0.1.milliseconds % 60000 == 0 }
        return whole ? DurationText.short(duration) : DurationText.exact(duration)
    }
}
