// SPDX-License-Identifier: Apache-2.0

import NightRunner
import Synchronization
package import TrainingJobs

/// A clock that stands still until somebody sleeps on it. What it shows may be set off from true time, as a wall clock
/// that jumps.
package final class ManualNightClock: NightClock {
    private struct State {
        var time: Instant
        var offset = Duration.zero
        var jumps: [(at: Instant, by: Duration)]
    }

    private let state: Mutex<State>

    /// `jumps` are made when true time reaches them.
    package init(_ start: Instant, jumps: [(at: Instant, by: Duration)] = []) {
        state = Mutex(State(time: start, jumps: jumps.sorted { $0.at < $1.at }))
    }

    package func now() -> Instant { state.withLock { $0.time + $0.offset } }

    /// True time, which never goes back: the world's.
    package var trueTime: Instant { state.withLock { $0.time } }

    package func sleep(for pause: Duration) async { advance(by: pause) }

    package func advance(by pause: Duration) {
        state.withLock { state in
            state.time += pause
            while let jump = state.jumps.first, jump.at <= state.time {
                state.offset += jump.by
                state.jumps.removeFirst()
            }
        }
    }
}
