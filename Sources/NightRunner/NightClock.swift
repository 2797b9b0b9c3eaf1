// SPDX-License-Identifier: Apache-2.0

import ProcessSupervision
package import TrainingJobs

/// The clock that a night goes by.
package protocol NightClock: Sendable {
    func now() -> Instant
    /// Returns at that time or a little later, or at once when the task is cancelled.
    func sleep(until night: Instant) async
}

/// The wall clock, scaled.
package struct ScaledNightClock: NightClock {
    private static let shortest = Duration.milliseconds(10)
    private let scale: ClockScale

    package init(_ scale: ClockScale) { self.scale = scale }

    package func now() -> Instant { scale.night(at: SystemClock.now()) }

    package func sleep(until night: Instant) async {
        let pause = max(Self.shortest, scale.wall(at: night) - SystemClock.now())
        // Cancelled: stop waiting; the caller looks at the cancellation.
        try? await Task.sleep(for: pause)
    }
}
