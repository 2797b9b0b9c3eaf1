// SPDX-License-Identifier: Apache-2.0

import ProcessSupervision
import TrainingJobs

/// What an agent does on its machine, as a value: told what happened, it answers what to do. No clock, no files.
///
/// At most one piece of work is in the checkpoint store at a time, a pruning included: pruning removes the pieces that
/// no generation names, and those of a commit under way are not named yet.
struct AgentMachine: Sendable {
    enum Phase: Hashable {
        case restoring
        case training
        /// The training process has been asked to end for this reason.
        case windingDown(EndReason)
        /// The training process is done with its work; the last checkpoint and the model follow.
        case completing
        case publishing
        case ended
    }

    enum Trainer: Hashable { case none, alive, exited(ExitStatus) }
    enum StoreWork: Hashable { case none, committing(CheckpointCandidate), pruning }

    /// Failures in a row without a new generation after which the job itself is blamed.
    static let failureLimit = 3
    /// How often the last checkpoint may fail to be committed before the stay ends without it.
    static let finalCommitLimit = 3

    var report = AgentReport()
    private let totalUnits: Double
    let tripwires: TripwireSettings
    var phase = Phase.restoring
    private(set) var trainer = Trainer.none
    private var storeWork = StoreWork.none
    /// What the newest generation holds, as it lies in the checkpoint directory.
    private var durable: CheckpointCandidate?
    private(set) var durableGeneration = 0
    /// The most that any generation held.
    var furthestUnits: Double = 0
    private var failuresInARow = 0
    /// By a tripwire, without a new generation between.
    var restartsInARow = 0
    /// While the loss is not finite, nothing is committed: the newest generation is one from before.
    private var holdsCommits = false
    /// Committed generations are lost, and the job wants to go on all the same.
    var startsFromZero = false
    private var finalCommitFailures = 0
    /// Set with the first order to end; the grace runs from it.
    private(set) var orderedToEnd: EndReason?

    init(totalUnits: Double, tripwires: TripwireSettings = TripwireSettings()) {
        self.totalUnits = totalUnits
        self.tripwires = tripwires
    }

    var isOver: Bool { phase == .ended }

    mutating func handle(_ event: Event) -> [Directive] {
        guard phase != .ended else { return [] }
        switch event {
        case .restored(let start, let inPlace):
            guard phase == .restoring, trainer != .alive, storeWork == .none else { return [] }
            durable = inPlace
            durableGeneration = start.generation ?? 0
            furthestUnits = max(furthestUnits, start.units)
            note(start)
            phase = .training
            trainer = .alive
            holdsCommits = false
            return [.startTrainer, .saveReport]
        case .restoreFailed(let reason):
            return end(reason)
        case .trainerCouldNotStart(let why):
            if case .windingDown(let reason) = phase { return end(reason) }
            return end(.trainingFailed(why))
        case .trainerExited(let status):
            guard trainer == .alive else { return [] }
            trainer = .exited(status)
            return trainerEnded(status)
        case .progressed(let point):
            note(point)
            return [.saveReport]
        case .progressTold:
            return []
        case .checkpointFound(let candidate):
            guard trainer == .alive, phase != .restoring, storeWork == .none, !holdsCommits, isNews(candidate) else {
                return []
            }
            storeWork = .committing(candidate)
            return [.commit(candidate)]
        case .committed(let generation):
            guard case .committing(let candidate) = storeWork else { return [] }
            return committed(candidate, as: generation)
        case .notCommitted:
            guard case .committing = storeWork else { return [] }
            storeWork = .none
            if trainer != .alive { finalCommitFailures += 1 }
            return afterTrainer()
        case .pruned:
            guard storeWork == .pruning else { return [] }
            storeWork = .none
            return afterTrainer()
        case .refused(let reason):
            return end(reason)
        case .noticed(let notice):
            guard report.notice == nil else { return [] }
            report.notice = notice
            return [.saveReport] + windDown(.interrupted(noticed: true))
        case .stopRequested:
            return orderToEnd(.stopped)
        case .leaseEnded:
            return orderToEnd(.leaseExpired)
        case .graceOver:
            guard let orderedToEnd else { return [] }
            if case .windingDown(let reason) = phase { return end(reason) }
            return end(orderedToEnd)
        case .finalScanDone(let candidate):
            return finalScanDone(candidate)
        case .published(let artifact):
            guard phase == .publishing else { return [] }
            report.model = artifact
            return end(.completed)
        case .publishFailed(let why):
            return end(.trainingFailed(why))
        case .noModel(let at):
            return noModel(at: at)
        case .nothingToResume(let expected, let why, let at):
            return nothingToResume(expected, why, at: at)
        case .tripped(let sighting, let at):
            return tripped(sighting, at: at)
        case .lossIsFinite(let isFinite):
            holdsCommits = !isFinite && tripwires.watches(.badLoss)
            return []
        }
    }

    /// With steps, only a higher one is news: an older checkpoint that came to be the newest whole one, because a newer
    /// one was damaged or removed, must not take its place in the store.
    private func isNews(_ candidate: CheckpointCandidate) -> Bool {
        guard let durable else { return true }
        if let step = candidate.step, let last = durable.step { return step > last }
        return candidate != durable
    }

    private mutating func committed(
        _ candidate: CheckpointCandidate, as generation: CommittedGeneration
    ) -> [Directive] {
        durable = candidate
        storeWork = .none
        // The store answers with the generation that exists when it is told the same again: that is no headway.
        if generation.generation > durableGeneration {
            durableGeneration = generation.generation
            report.commits.append(generation)
            // A script that saves as it falls over makes a generation each time, but no headway.
            if generation.units > furthestUnits {
                furthestUnits = generation.units
                failuresInARow = 0
                restartsInARow = 0
            }
            // Where checkpoint names tell the progress, nothing else does.
            if generation.units > report.progress?.units ?? 0 {
                note(ProgressPoint(at: generation.at, units: generation.units))
            }
        }
        guard phase == .training, trainer == .alive else { return [.saveReport] + afterTrainer() }
        storeWork = .pruning
        return [.saveReport, .prune]
    }

    private mutating func orderToEnd(_ reason: EndReason) -> [Directive] {
        guard orderedToEnd == nil else { return [] }
        orderedToEnd = reason
        let directives = windDown(reason)
        return isOver ? directives : directives + [.startGrace]
    }

    private mutating func windDown(_ reason: EndReason) -> [Directive] {
        switch phase {
        case .restoring:
            return end(reason)
        case .training:
            phase = .windingDown(reason)
            return [.writeNoticeFile, .signalTrainer(.terminate)]
        case .windingDown, .completing, .publishing, .ended:
            return []
        }
    }

    private mutating func trainerEnded(_ status: ExitStatus) -> [Directive] {
        switch phase {
        case .windingDown:
            // It was asked to end; only one that has reached its total is done.
            if status.isSuccess, let units = report.progress?.units, units >= totalUnits { phase = .completing }
            return afterTrainer()
        case .training where status.isSuccess:
            phase = .completing
            return afterTrainer()
        case .training:
            report.trainerFailures.append(status.description)
            failuresInARow += 1
            guard failuresInARow < Self.failureLimit else {
                return end(
                    .trainingFailed("\(status), \(failuresInARow) times without headway between"))
            }
            phase = .restoring
            return [.saveReport] + afterTrainer()
        case .restoring:
            // A tripwire had it killed.
            return afterTrainer()
        case .completing, .publishing, .ended:
            return []
        }
    }

    /// What follows the end of the training process once the store is free.
    func afterTrainer() -> [Directive] {
        guard case .exited(let status) = trainer, storeWork == .none else { return [] }
        switch phase {
        case .restoring: return [.restore]
        case .windingDown, .completing: return [.finalScan(status)]
        case .training, .publishing, .ended: return []
        }
    }

    private mutating func finalScanDone(_ candidate: CheckpointCandidate?) -> [Directive] {
        guard case .exited = trainer, storeWork == .none else { return [] }
        switch phase {
        case .windingDown, .completing: break
        case .restoring, .training, .publishing, .ended: return []
        }
        if let candidate, !holdsCommits, isNews(candidate), finalCommitFailures < Self.finalCommitLimit {
            storeWork = .committing(candidate)
            return [.commit(candidate)]
        }
        if case .windingDown(let reason) = phase { return end(reason) }
        phase = .publishing
        return [.publishModel]
    }

    mutating func end(_ reason: EndReason) -> [Directive] {
        phase = .ended
        report.end = reason
        return [.signalTrainer(.kill), .saveReport, .finish]
    }
}
