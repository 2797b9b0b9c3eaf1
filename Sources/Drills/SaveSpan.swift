// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One writing of a checkpoint, as the changes to its files showed it.
package struct SaveSpan: Codable, Hashable, Sendable {
    @JSONSeconds package var from: Duration
    @JSONSeconds package var until: Duration

    package init(from: Duration, until: Duration) {
        self.from = from
        self.until = until
    }

    package var length: Duration { until - from }
}

/// Groups changes of files into savings: changes that follow one another closely belong to one.
package struct SaveTracker: Sendable {
    /// A pause in writing after which the next change begins a new saving.
    package let pause: Duration
    package private(set) var spans: [SaveSpan] = []

    package init(pause: Duration = .milliseconds(50)) { self.pause = pause }

    /// Changes come in order of time.
    package mutating func changed(at time: Duration) {
        if let last = spans.last, time - last.until <= pause {
            spans[spans.count - 1].until = time
        } else {
            spans.append(SaveSpan(from: time, until: time))
        }
    }
}
