// SPDX-License-Identifier: Apache-2.0

import ProcessSupervision
package import TrainingJobs

/// The clock that a night goes by.
///
/// What it shows is wall time, which may jump: deadlines are wall times. What it sleeps is monotonic, so a jump never
/// makes a sleep longer.
package protocol NightClock: Sendable {
    func now() -> Instant
    /// Returns after so much of the night's time or a little later, or at once when the task is cancelled.
    func sleep(for pause: Duration) async
}

extension NightClock {
    /// Returns when the clock shows at least this, also after it was set in between, or when the task is cancelled.
    package func sleep(until night: Instant) async {
        while !Task.isCancelled {
            let left = night - now()
            if left <= .zero { return }
            await sleep(for: min(left, .minutes(1)))
        }
    }
}

/// The wall clock, scaled.
package struct ScaledNightClock: NightClock {
    private static let shortest = Duration.milliseconds(10)
    private let scale: ClockScale

    package init(_ scale: ClockScale) { self.scale = scale }

    package func now() -> Instant { scale.night(at: SystemClock.now()) }

    package func sleep(for pause: Duration) async {
        // Cancelled: stop waiting; the caller looks at the cancellation.
        try? await Task.sleep(for: scale.wallDuration(pause, atLeast: Self.shortest))
    }
}
