// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One launch that is not over, as the night's events tell it.
package struct LaunchState: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// The intent is recorded; the backend's answer is not.
        case requested
        /// The backend took it; no machine yet.
        case accepted
        case running(since: Instant)
        case training(TrainingStart, since: Instant)
    }

    package let order: LaunchOrder
    package var phase: Phase = .requested
    package var firstProgress: ProgressPoint?
    package var progress: ProgressPoint?
    /// Where the pace is measured from: the first progress since training was last started again by a tripwire. What a
    /// hang took says nothing about how long a unit takes.
    package var paceFrom: ProgressPoint?
    package var lastCommit: CommittedGeneration?
    package var notice: InterruptionNotice?
    package var trainerFailures = 0
    package var alarms = 0
    package var stopRequested: StopReason?

    package init(order: LaunchOrder) { self.order = order }

    /// Asked for, not answered, and still wanted.
    package var isOpen: Bool { phase == .requested && stopRequested == nil }

    package var runningSince: Instant? {
        switch phase {
        case .requested, .accepted: nil
        case .running(let since), .training(_, let since): since
        }
    }

    package var trainingStart: TrainingStart? {
        if case .training(let start, _) = phase { start } else { nil }
    }

    package var isTraining: Bool { trainingStart != nil }

    /// Progress that lives on this machine now.
    package var units: Double? {
        trainingStart.map { max(progress?.units ?? $0.units, $0.units) }
    }
}
