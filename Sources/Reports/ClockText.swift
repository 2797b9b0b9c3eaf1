// SPDX-License-Identifier: Apache-2.0

import Foundation
package import TrainingJobs

/// Clock times in the job's zone. The only place that knows time zones; no locale is ever asked.
package struct ClockText: Sendable {
    /// The IANA name as people see it; `UTC` when the system does not know the zone.
    package let zoneName: String
    private let zone: TimeZone?

    package init(timeZone: String) {
        zone = TimeZone(identifier: timeZone)
        zoneName = zone == nil ? "UTC" : TerminalText.sanitized(timeZone)
    }

    /// `04:20:08`
    package func seconds(_ instant: Instant) -> String { String(local(instant).dropFirst(11).prefix(8)) }

    /// `04:20`
    package func minutes(_ instant: Instant) -> String { String(local(instant).dropFirst(11).prefix(5)) }

    /// `2026-11-25`
    package func date(_ instant: Instant) -> String { String(local(instant).prefix(10)) }

    /// `04:20`, or `2026-11-25 04:20` when that is another day than the reference's.
    package func minutes(_ instant: Instant, on reference: Instant) -> String {
        date(instant) == date(reference) ? minutes(instant) : "\(date(instant)) \(minutes(instant))"
    }

    /// `04:20 Europe/Dublin (03:20 UTC)`, for the one place of a view that names the zone.
    package func withZone(_ instant: Instant) -> String { "\(minutes(instant)) \(zoneName) (\(utc(instant)))" }

    /// `03:20 UTC`
    package func utc(_ instant: Instant) -> String { "\(instant.iso8601.dropFirst(11).prefix(5)) UTC" }

    /// The first multiple of a step after local midnight at or after an instant: where an axis has its first tick.
    func tick(from instant: Instant, every step: Duration) -> Instant {
        let step = step.milliseconds
        let rest = ((instant.milliseconds + offset(instant)) % step + step) % step
        return rest == 0 ? instant : Instant(milliseconds: instant.milliseconds + step - rest)
    }

    private func local(_ instant: Instant) -> String {
        Instant(milliseconds: instant.milliseconds + offset(instant)).iso8601
    }

    private func offset(_ instant: Instant) -> Int64 {
        let date = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000)
        return Int64(zone?.secondsFromGMT(for: date) ?? 0) * 1000
    }
}
