// SPDX-License-Identifier: Apache-2.0

import ProcessSupervision
import TrainingJobs

/// What the machine is told and what it answers.
extension AgentMachine {
    enum Event: Hashable, Sendable {
        /// The newest whole generation is in place, as `CheckpointCandidate`, or there was none and none was expected.
        case restored(TrainingStart, CheckpointCandidate?)
        case restoreFailed(EndReason)
        case trainerExited(ExitStatus)
        case trainerCouldNotStart(String)
        case progressed(ProgressPoint)
        /// Nothing by itself: whoever steps the machine looks at what was told before each event.
        case progressTold
        case checkpointFound(CheckpointCandidate)
        case committed(CommittedGeneration)
        /// The files changed while they were read, were not what they promised, or the store failed.
        case notCommitted
        /// Or could not be: it does not matter now.
        case pruned
        /// The checkpoint store refuses this stay for good.
        case refused(EndReason)
        case noticed(InterruptionNotice)
        /// Whoever runs the machine wants it to end.
        case stopRequested
        case leaseEnded
        case graceOver
        case finalScanDone(CheckpointCandidate?)
        case published(ModelArtifact)
        case publishFailed(String)
        /// The training process left no model.
        case noModel(at: Instant)
        /// Generations were committed and none can be restored; in words why.
        case nothingToResume(expected: Int?, why: String, at: Instant)
        case tripped(Alarm.Sighting, at: Instant)
        /// The newest loss that was told is a number again, or is not.
        case lossIsFinite(Bool)
    }

    enum Directive: Hashable, Sendable {
        case restore
        /// An empty checkpoint directory, although generations were committed.
        case startFromZero
        case startTrainer
        case signalTrainer(Signal)
        case commit(CheckpointCandidate)
        case prune
        /// Looks once more for a checkpoint after the training process has ended, in this way.
        case finalScan(ExitStatus)
        case publishModel
        case writeNoticeFile
        case startGrace
        case saveReport
        case finish
    }

    enum Signal: Hashable, Sendable { case terminate, kill }
}
