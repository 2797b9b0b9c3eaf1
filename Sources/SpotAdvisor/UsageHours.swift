// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What an account uses hour by hour at on-demand rates, of what a plan could cover: a day, a week, or as long as an
/// export reaches.
package struct UsageHours: Hashable, Sendable {
    package enum Clock: Hashable, Sendable {
        /// The first value is the hour from midnight in the job's time zone.
        case local
        /// As exports have it; the first value is the hour of the day that `firstHour` says.
        case utc
    }

    package let clock: Clock
    /// Of the day, 0 to 23.
    package let firstHour: Int
    /// Micro-dollars, an hour each; at least one.
    package let hours: [Int64]

    package init(clock: Clock, firstHour: Int, hours: [Int64]) {
        precondition(!hours.isEmpty && (0..<24).contains(firstHour), "usage without hours")
        self.clock = clock
        self.firstHour = firstHour
        self.hours = hours
    }

    /// Nobody else uses anything.
    package static let none = UsageHours(clock: .local, firstHour: 0, hours: Array(repeating: 0, count: 24))

    package var isNone: Bool { hours.allSatisfy { $0 == 0 } }
    /// An hour, on average.
    package var mean: Money {
        Money(units: hours.reduce(Int128(0)) { $0 + Int128($1) } * Money.unitsPerMicrodollar / Int128(hours.count))
    }
    package var most: HourlyRate { HourlyRate(microdollars: hours.max() ?? 0) }

    /// On so many of so many days.
    struct Share: Hashable, Sendable {
        var days: Int64
        var of: Int64

        static let all = Share(days: 1, of: 1)
    }

    /// With a machine at `rate` from `start` after midnight on for `length`, on a share of all days.
    func adding(
        _ rate: HourlyRate, from start: Duration, for length: Duration, inShare days: Share = .all
    ) -> [UsageHour] {
        precondition(days.of > 0 && (0...days.of).contains(days.days), "\(days.days) of \(days.of) days")
        let (share, rest) = (days.days, days.of - days.days)
        let times = Self.times(from: start, for: length)
        return hours.enumerated().flatMap { index, usage -> [UsageHour] in
            let time = times[(firstHour + index) % 24]
            guard time > 0, share > 0 else { return [UsageHour(microdollars: usage, weight: days.of)] }
            let own = (Int128(rate.microdollars) * Int128(time) + 1_800_000) / 3_600_000
            let with = UsageHour(microdollars: usage + Int64(own), weight: share)
            return rest == 0 ? [with] : [with, UsageHour(microdollars: usage, weight: rest)]
        }
    }

    /// Milliseconds in each hour of the day.
    private static func times(from start: Duration, for length: Duration) -> [Int64] {
        let (day, hour) = (Int64(86_400_000), Int64(3_600_000))
        var times = [Int64](repeating: 0, count: 24)
        var at = (start.milliseconds % day + day) % day
        var left = max(0, length.milliseconds)
        while left > 0 {
            let step = min(left, hour - at % hour)
            times[Int(at / hour)] += step
            left -= step
            at = (at + step) % day
        }
        return times
    }
}
