// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Everything that is remembered of a job's course; what it was asked to do is in its request.
///
/// Moments are the wall's, as clients see them. Lengths of stays, and what ends them, are in the market's time.
package struct StageJobRecord: Codable, Hashable, Sendable {
    package struct Transition: Codable, Hashable, Sendable {
        package var status: SecondaryStatus
        package var start: Instant
        package var end: Instant?
        package var message: String
    }

    /// A stay on one machine.
    package struct Stay: Codable, Hashable, Sendable {
        /// Since the job's creation, in the market's time, as the other two.
        package var from: Instant
        /// When the capacity is taken back; `nil` is never.
        package var until: Instant?
        package var noticeAt: Instant?
        /// Which listing of the market it is on.
        package var listing: Int
        package var wasNoticed = false
    }

    /// Why a job is being brought to its end.
    package enum Ending: Codable, Hashable, Sendable {
        case completed
        case stopped
        case maxRuntimeExceeded
        case maxWaitTimeExceeded
        case failed(String)
    }

    package enum Phase: Codable, Hashable, Sendable {
        /// For capacity.
        case waiting
        case working
        /// The script was told to end, and is killed at this moment of the market's time.
        case ending(Ending, killAt: Instant)
        case uploading(Ending)
        /// The machine is being taken away; with an ending, the job ends when it is gone.
        case reclaimed(Ending?)
        case over
    }

    package var status = TrainingJobStatus.inProgress
    package var phase = Phase.waiting
    package var transitions: [Transition] = []
    package var created: Instant
    package var modified: Instant
    package var trainingStarted: Instant?
    package var ended: Instant?
    package var failureReason: String?
    package var modelArtifacts: String?
    /// Machines so far.
    package var stays = 0
    package var stay: Stay?
    /// The end of the stretch of capacity that was lost: what is about to be taken back is not given out again.
    package var notBefore: Instant?
    /// Of stays that are over, in the market's time.
    package var trainedMilliseconds: Int64 = 0
    /// The same as on-demand time of equal price.
    package var billableMilliseconds: Int64 = 0
    package var restarts = 0

    package init(created: Instant) {
        self.created = created
        modified = created
    }

    package var secondary: SecondaryStatus { transitions.last?.status ?? .starting }
    package var isOver: Bool { phase == .over }

    /// Whole seconds, at least one; `nil` when it never had a machine: the SDK divides by them.
    package var trainingSeconds: Int? { isOver ? Self.seconds(trainedMilliseconds) : nil }

    /// Never more than `trainingSeconds`, and `nil` when that is.
    package var billableSeconds: Int? {
        trainingSeconds.flatMap { training in Self.seconds(billableMilliseconds).map { min($0, training) } ?? 1 }
    }

    private static func seconds(_ milliseconds: Int64) -> Int? {
        milliseconds > 0 ? max(1, Int((milliseconds + 999) / 1000)) : nil
    }
}
