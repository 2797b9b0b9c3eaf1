// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One launch as the night's events tell it.
package struct LaunchState: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// The intent is recorded; the backend's answer is not.
        case requested
        /// The backend took it; no machine yet.
        case accepted
        case running(since: Instant)
        case training(TrainingStart, since: Instant)
        case ended(EndReason)
    }

    package let order: LaunchOrder
    package var phase: Phase = .requested
    package var firstProgress: ProgressPoint?
    package var progress: ProgressPoint?
    package var lastCommit: CommittedGeneration?
    package var notice: InterruptionNotice?
    package var trainerFailures = 0
    package var stopRequested: StopReason?

    package init(order: LaunchOrder) { self.order = order }

    package var isLive: Bool {
        if case .ended = phase { false } else { true }
    }

    package var isTraining: Bool {
        if case .training = phase { true } else { false }
    }

    /// Progress that lives on this machine now.
    package var units: Double? {
        guard case .training(let start, _) = phase else { return nil }
        return max(progress?.units ?? start.units, start.units)
    }
}
