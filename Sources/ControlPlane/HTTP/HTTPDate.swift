// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Dates as header fields have them: `Tue, 24 Nov 2026 04:20:08 GMT`. Whole seconds.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ instant: Instant) -> String {
        let iso = Array(instant.iso8601)
        func part(_ range: Range<Int>) -> String { String(iso[range]) }
        // 1970 began on a Thursday.
        let day = days[Int(instant.milliseconds / 86_400_000) % 7]
        let month = months[(Int(part(5..<7)) ?? 1) - 1]
        return "\(day), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
    }

    /// `nil` when it is none; such a condition does not count.
    static func instant(_ text: String) -> Instant? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        let day = words[1].count == 1 ? "0\(words[1])" : String(words[1])
        return Instant(iso8601: "\(words[3])-\(number)-\(day)T\(words[4])Z")
    }
}
