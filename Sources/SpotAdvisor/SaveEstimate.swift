// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// How long a save holds training up, and where that is known from.
package struct SaveEstimate: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        case typed
        /// Size by speed, as the job file has them; the size may be a drill's.
        case writeSpeed(bytes: Int64, bytesPerSecond: Int64)
        /// A drill's, with the size that was saved there.
        case drill(bytes: Int64?)
        /// The last night that told, by its id.
        case night(String)
        /// A drill that saved far less, if there is one, says nothing about this job's saves.
        case assumed(drilled: Int64?)
    }

    /// At least a millisecond.
    package let time: Duration
    package let source: Source

    package init(_ time: Duration, _ source: Source) {
        self.time = max(.milliseconds(1), time)
        self.source = source
    }

    /// By a job's own write speed; `nil` without a speed or a size.
    package init?(_ settings: CheckpointSettings, measuredBytes: Int64?) {
        guard let speed = settings.writeBytesPerSecond, speed > 0,
            let bytes = settings.expectedBytes ?? measuredBytes, bytes > 0
        else { return nil }
        let milliseconds = (Int128(bytes) * 1000 + Int128(speed) - 1) / Int128(speed)
        // A century is longer than any night.
        self.init(
            .milliseconds(Int64(min(milliseconds, 3_155_760_000_000))),
            .writeSpeed(bytes: bytes, bytesPerSecond: speed))
    }

    /// Where nothing is known: ten seconds, less where saves follow each other closely.
    package static func assumed(every interval: Duration, drilled: Int64? = nil) -> SaveEstimate {
        SaveEstimate(min(.seconds(10), interval / 20), .assumed(drilled: drilled))
    }

    /// What a drill measured stands for the job's own saves while these are at most twice as large; it grows with them.
    package static func scaled(_ time: Duration, from drilled: Int64?, to expected: Int64?) -> Duration? {
        guard let drilled, let expected, expected > drilled else { return time }
        guard drilled > 0, expected / 2 <= drilled else { return nil }
        return .milliseconds(Int64(Double(time.milliseconds) * Double(expected) / Double(drilled)))
    }

    /// Of the two minutes of a notice some are gone before it is seen, and the upload comes after the save.
    package static let longestAtNotice = Duration.seconds(90)

    package var fitsIntoNotice: Bool { time <= Self.longestAtNotice }

    /// Training stands still for so long in an undisturbed night.
    package func stall(of work: Duration, every interval: Duration) -> Duration {
        guard interval > .zero else { return .zero }
        let saves = (work.milliseconds + interval.milliseconds - 1) / interval.milliseconds
        let (sum, overflow) = time.milliseconds.multipliedReportingOverflow(by: saves)
        return .milliseconds(overflow ? Int64.max / 2 : sum)
    }
}
