// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A month of the calendar: `2026-11`.
package struct CalendarMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let first: LocalDate

    package init(containing date: LocalDate) { first = date.advanced(by: 1 - date.day) }

    /// Exactly `2026-11`.
    package init?(_ text: String) {
        guard let first = LocalDate(text + "-01") else { return nil }
        self.first = first
    }

    package static func < (lhs: CalendarMonth, rhs: CalendarMonth) -> Bool { lhs.first < rhs.first }

    package var description: String { String(first.description.dropLast(3)) }

    /// `November 2026`
    package var name: String {
        let names = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        return "\(names[first.month - 1]) \(first.year)"
    }

    package var next: CalendarMonth { CalendarMonth(containing: first.advanced(by: 31)) }
    package var days: Int { next.first.dayNumber - first.dayNumber }
    package var dates: [LocalDate] { (0..<days).map { first.advanced(by: $0) } }

    package func contains(_ date: LocalDate) -> Bool { first <= date && date < next.first }

    /// 0 for Monday, 6 for Sunday; the first of January 1970 was a Thursday.
    package static func weekday(of date: LocalDate) -> Int { ((date.dayNumber + 3) % 7 + 7) % 7 }
}
