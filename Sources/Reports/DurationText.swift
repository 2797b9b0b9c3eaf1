// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Durations in words. Parts that are not shown are cut off, never rounded up: time left is not overstated.
package enum DurationText {
    /// `4 h 12 min`, `12 min`, `59 s`.
    package static func full(_ duration: Duration) -> String {
        let (sign, hours, minutes, seconds) = parts(duration)
        switch (hours, minutes) {
        case (0, 0): return "\(sign)\(seconds) s"
        case (0, _): return "\(sign)\(minutes) min"
        case (_, 0): return "\(sign)\(hours) h"
        default: return "\(sign)\(hours) h \(minutes) min"
        }
    }

    /// `2 h 20`, `12 min`, `59 s`: for lines with little room.
    package static func short(_ duration: Duration) -> String {
        let (sign, hours, minutes, _) = parts(duration)
        return hours > 0 ? "\(sign)\(hours) h \(pad(minutes))" : full(duration)
    }

    /// `3 h 39 min 52 s`: to the second.
    package static func exact(_ duration: Duration) -> String {
        let (sign, hours, minutes, seconds) = parts(duration)
        if hours == 0, minutes == 0 { return "\(sign)\(seconds) s" }
        let tail = seconds == 0 ? "" : " \(seconds) s"
        let middle = hours > 0 && minutes == 0 && seconds == 0 ? "" : " \(minutes) min"
        return sign + (hours > 0 ? "\(hours) h\(middle)\(tail)" : "\(minutes) min\(tail)")
    }

    private static func pad(_ minutes: Int64) -> String { minutes < 10 ? "0\(minutes)" : "\(minutes)" }

    private static func parts(_ duration: Duration) -> (sign: String, hours: Int64, minutes: Int64, seconds: Int64) {
        let seconds = duration.milliseconds / 1000
        let size = Int64(clamping: seconds.magnitude)
        return (seconds < 0 ? "−" : "", size / 3600, size / 60 % 60, size % 60)
    }
}
