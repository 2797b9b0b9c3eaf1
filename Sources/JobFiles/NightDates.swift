// SPDX-License-Identifier: Apache-2.0

import Foundation
package import TrainingJobs

/// Which night is when: from a schedule in local time to moments, and back. There is one night for each date.
///
/// - A night is named by the local date of its deadline. Its start is the last time that the clock shows the start
///   before it: on the same date when `start` is earlier in the day than `deadline`, else on the date before.
/// - A local time that a clock change leaves out is moved forward to the first moment that exists.
/// - A local time that a clock change repeats is taken the first time, for the start and for the deadline too: then
///   whoever reads either of the two at 01:30 finds the model there.
package struct NightDates: Sendable {
    package let schedule: NightSchedule
    private let zone: TimeZone

    /// `nil` when this machine does not know the zone.
    package init?(schedule: NightSchedule) {
        guard let zone = TimeZone(identifier: schedule.timeZone) else { return nil }
        self.schedule = schedule
        self.zone = zone
    }

    package struct Window: Hashable, Sendable {
        package var start: Instant
        package var deadline: Instant

        package var length: Duration { deadline - start }
    }

    package func window(on date: LocalDate) -> Window {
        let isSameDay = schedule.startMinutes < schedule.deadlineMinutes
        return Window(
            start: instant(isSameDay ? date : date.advanced(by: -1), minutes: schedule.startMinutes),
            deadline: instant(date, minutes: schedule.deadlineMinutes))
    }

    /// The night that is on at this moment or, between two nights, the next one: the first whose deadline is later.
    package func nightDate(containingOrAfter now: Instant) -> LocalDate {
        var date = localDate(of: now).advanced(by: -1)
        while window(on: date).deadline <= now { date = date.advanced(by: 1) }
        return date
    }

    package func localDate(of instant: Instant) -> LocalDate {
        let seconds = Self.floorSeconds(instant) + offset(at: Self.floorSeconds(instant))
        return LocalDate(dayNumber: seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400))
    }

    /// `08:00`, in the schedule's zone.
    package func timeOfDay(of instant: Instant) -> String {
        let seconds = Self.floorSeconds(instant) + offset(at: Self.floorSeconds(instant))
        let inDay = ((seconds % 86400) + 86400) % 86400
        return JobText.timeOfDayText(inDay / 60)
    }

    /// How long the window is on a day without a clock change, in minutes; equal times are a whole day apart.
    package static func windowMinutes(start: Int, deadline: Int) -> Int {
        start < deadline ? deadline - start : deadline - start + 1440
    }

    /// The first moment at which the local clock shows this time, or the first one after it that exists.
    private func instant(_ date: LocalDate, minutes: Int) -> Instant {
        let local = date.dayNumber * 86400 + minutes * 60
        // Offsets lie within 14 hours of UTC, so these two see the clock before and after any change at `local`.
        let before = offset(at: local - 36 * 3600)
        let after = offset(at: local + 36 * 3600)
        let candidates = [local - before, local - after].sorted().filter { $0 + offset(at: $0) == local }
        if let first = candidates.first { return Instant(milliseconds: Int64(first) * 1000) }
        // In a gap: look for the change itself.
        var low = min(local - before, local - after) - 1
        var high = max(local - before, local - after) + 1
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == before { low = middle } else { high = middle }
        }
        return Instant(milliseconds: Int64(high) * 1000)
    }

    private func offset(at seconds: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    }

    private static func floorSeconds(_ instant: Instant) -> Int {
        let milliseconds = Int(instant.milliseconds)
        return milliseconds >= 0 ? milliseconds / 1000 : -((-milliseconds + 999) / 1000)
    }
}
