// SPDX-License-Identifier: Apache-2.0

/// A moment of a night's clock: whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Pure rooms are told the time as an `Instant`; they never read a clock. In a time-scaled night it is the scaled
/// clock's time, not the wall's.
package struct Instant: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.milliseconds < rhs.milliseconds }
    package static func + (lhs: Instant, rhs: Duration) -> Instant {
        Instant(milliseconds: lhs.milliseconds + rhs.milliseconds)
    }
    package static func - (lhs: Instant, rhs: Duration) -> Instant {
        Instant(milliseconds: lhs.milliseconds - rhs.milliseconds)
    }
    package static func - (lhs: Instant, rhs: Instant) -> Duration {
        .milliseconds(lhs.milliseconds - rhs.milliseconds)
    }
    package static func += (lhs: inout Instant, rhs: Duration) { lhs = lhs + rhs }
}

extension Duration {
    /// Whole milliseconds, rounded toward zero.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    package static func minutes(_ minutes: Int) -> Duration { .seconds(minutes * 60) }
    package static func hours(_ hours: Int) -> Duration { .seconds(hours * 3600) }
    /// Seconds as a real number, for ratios and pictures; never for money or for the safety net.
    package var realSeconds: Double { Double(milliseconds) / 1000 }
}
