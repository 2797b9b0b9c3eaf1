// SPDX-License-Identifier: Apache-2.0

/// How a night's clock runs against the wall's: a four-hour night passes in forty seconds at a factor of 360.
///
/// A real night has the factor 1 and both origins equal.
package struct ClockScale: Codable, Hashable, Sendable {
    package var wallOrigin: Instant
    package var nightOrigin: Instant
    /// Night seconds per wall second; at least 1.
    package var factor: Int

    package init(wallOrigin: Instant, nightOrigin: Instant, factor: Int) {
        precondition(factor >= 1, "a night cannot run slower than the wall clock: factor \(factor)")
        self.wallOrigin = wallOrigin
        self.nightOrigin = nightOrigin
        self.factor = factor
    }

    package func night(at wall: Instant) -> Instant {
        Instant(milliseconds: nightOrigin.milliseconds + (wall.milliseconds - wallOrigin.milliseconds) * Int64(factor))
    }

    /// The first wall millisecond at which the night's clock shows at least `night`.
    package func wall(at night: Instant) -> Instant {
        let ahead = night.milliseconds - nightOrigin.milliseconds
        let whole = Int64(factor)
        let rounded = ahead > 0 ? (ahead + whole - 1) / whole : ahead / whole
        return Instant(milliseconds: wallOrigin.milliseconds + rounded)
    }

    /// Wall time of a night's duration, but no shorter than a floor: polling faster than that only burns a core.
    package func wallDuration(_ night: Duration, atLeast floor: Duration) -> Duration {
        max(floor, .milliseconds(night.milliseconds / Int64(factor)))
    }
}
