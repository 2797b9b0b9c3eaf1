// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What an agent does on its machine, as a value: told what happened, it answers what to do. No clock, no files.
struct AgentMachine: Sendable {
    enum Event: Sendable {
        /// The newest whole generation is in place, or there was none and none was expected.
        case restored(TrainingStart, step: Int?)
        case restoreFailed(EndReason)
        case trainerExited(success: Bool, description: String)
        case trainerCouldNotStart(String)
        case progressed(ProgressPoint)
        case checkpointFound(CheckpointCandidate)
        /// `nil` when the files changed while they were read: the next scan looks again.
        case committed(CommittedGeneration?)
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
    }

    enum Directive: Hashable, Sendable {
        case restore
        case startTrainer
        case signalTrainer(Signal)
        case commit(CheckpointCandidate)
        /// Looks once more for a checkpoint after the training process has ended.
        case finalScan
        case publishModel
        case writeNoticeFile(InterruptionNotice)
        case startGrace
        case saveReport
        case finish
    }

    enum Signal: Hashable, Sendable { case terminate, kill }

    private enum Phase: Equatable {
        case restoring
        case training
        /// The training process has been asked to end, or has ended, for this reason.
        case windingDown(EndReason)
        /// The training process is done with its work; the last checkpoint and the model follow.
        case completing
        case ended
    }

    /// Failures in a row without a new generation after which the job itself is blamed.
    static let failureLimit = 3

    private(set) var report = AgentReport()
    private let totalUnits: Double
    private var phase = Phase.restoring
    private var trainerAlive = false
    private var committing = false
    private var lastCommitted: CheckpointCandidate?
    private var failuresInARow = 0
    /// The step of the checkpoint that was restored: it is durable already.
    private var restoredStep: Int?

    init(totalUnits: Double) { self.totalUnits = totalUnits }

    var isOver: Bool { phase == .ended }

    mutating func handle(_ event: Event) -> [Directive] {
        guard phase != .ended else { return [] }
        switch event {
        case .restored(let start, let step):
            guard case .restoring = phase else { return [] }
            restoredStep = step
            if report.training == nil { report.training = start }
            phase = .training
            trainerAlive = true
            return [.startTrainer, .saveReport]
        case .restoreFailed(let reason):
            return end(reason)
        case .trainerCouldNotStart(let why):
            trainerAlive = false
            return end(.trainingFailed(why))
        case .trainerExited(let success, let description):
            trainerAlive = false
            return trainerEnded(success: success, description)
        case .progressed(let point):
            if report.firstProgress == nil { report.firstProgress = point }
            report.progress = point
            return [.saveReport]
        case .checkpointFound(let candidate):
            guard !committing, isNews(candidate) else { return [] }
            return commit(candidate)
        case .committed(let generation):
            committing = false
            if let generation {
                report.commits.append(generation)
                failuresInARow = 0
            } else {
                lastCommitted = nil
            }
            return [.saveReport] + (trainerAlive ? [] : afterTrainer())
        case .refused(let reason):
            return end(reason)
        case .noticed(let notice):
            guard report.notice == nil else { return [] }
            report.notice = notice
            return [.writeNoticeFile(notice), .saveReport] + windDown(.interrupted(noticed: true))
        case .stopRequested:
            return windDown(.stopped) + (trainerAlive ? [.startGrace] : [])
        case .leaseEnded:
            return windDown(.leaseExpired) + (trainerAlive ? [.startGrace] : [])
        case .graceOver:
            guard case .windingDown(let reason) = phase else { return [] }
            return end(reason)
        case .finalScanDone(let candidate):
            if let candidate, isNews(candidate) { return commit(candidate) }
            return whenNothingIsLeft()
        case .published(let artifact):
            report.model = artifact
            return end(.completed)
        case .publishFailed(let why):
            return end(.trainingFailed(why))
        }
    }

    private func isNews(_ candidate: CheckpointCandidate) -> Bool {
        candidate != lastCommitted && (candidate.step == nil || candidate.step != restoredStep)
    }

    private mutating func commit(_ candidate: CheckpointCandidate) -> [Directive] {
        committing = true
        lastCommitted = candidate
        return [.commit(candidate)]
    }

    private mutating func windDown(_ reason: EndReason) -> [Directive] {
        switch phase {
        case .restoring: return end(reason)
        case .training:
            phase = .windingDown(reason)
            return trainerAlive ? [.signalTrainer(.terminate)] : end(reason)
        case .windingDown, .completing, .ended: return []
        }
    }

    private mutating func trainerEnded(success: Bool, _ description: String) -> [Directive] {
        switch phase {
        case .windingDown:
            // It was asked to end; only one that has reached its total is done.
            if success, let units = report.progress?.units, units >= totalUnits { phase = .completing }
            return committing ? [] : [.finalScan]
        case .training where success:
            phase = .completing
            return committing ? [] : [.finalScan]
        case .training:
            report.trainerFailures.append(description)
            failuresInARow += 1
            guard failuresInARow < Self.failureLimit else {
                return end(.trainingFailed("\(description), \(failuresInARow) times without a new checkpoint between"))
            }
            phase = .restoring
            return committing ? [.saveReport] : [.saveReport, .restore]
        case .restoring, .completing, .ended:
            return []
        }
    }

    /// A commit that was under way when the training process ended is over.
    private mutating func afterTrainer() -> [Directive] {
        switch phase {
        case .restoring: [.restore]
        case .windingDown, .completing: [.finalScan]
        case .training, .ended: []
        }
    }

    private mutating func whenNothingIsLeft() -> [Directive] {
        switch phase {
        case .completing: return [.publishModel]
        case .windingDown(let reason): return end(reason)
        case .restoring, .training, .ended: return []
        }
    }

    private mutating func end(_ reason: EndReason) -> [Directive] {
        phase = .ended
        report.end = reason
        return [.signalTrainer(.kill), .saveReport, .finish]
    }
}
