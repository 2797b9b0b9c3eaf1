// SPDX-License-Identifier: Apache-2.0

import Digests
import CheckpointStore
import FoundationEssentials
import Glibc
import ProcessSupervision
import TrainingJobs

/// The longer pieces of work; each ends by telling the machine what came of it.
extension Agent {
    func restore() async { occur.yield(await outcomeOfRestore()) }
    func publish() async { occur.yield(await outcomeOfPublishing()) }

    /// A store that cannot be reached says nothing about the checkpoints: the stay ends, and another machine may try.
    private func outcomeOfRestore() async -> AgentMachine.Event {
        var attempt = 1
        while true {
            do {
                return try await restored()
            } catch CommitError.fenced {
                return .restoreFailed(.fenced)
            } catch {
                log.write("restore failed: \(error)", from: .agent)
                switch error {
                case RestoreError.nothingWhole, is NothingToResume:
                    return .nothingToResume(
                        expected: order.launch.expectedGeneration, why: String(describing: error), at: now())
                case RestoreError.newerFormat, CommitError.newerFormat, CommitError.otherStore:
                    return .restoreFailed(.checkpointsLost(String(describing: error)))
                default:
                    if attempt == Self.tries || Task.isCancelled { return .restoreFailed(.lost) }
                }
            }
            attempt += 1
            await pauseBetweenTries()
        }
    }

    private func restored() async throws -> AgentMachine.Event {
        let files = FileManager.default
        // A notice of an earlier attempt would stop this one; whatever a killed training process left is not trusted.
        for path in [layout.noticeFile, layout.checkpoints] where FileKind(of: path) != nil {
            try files.removeItem(atPath: path)
        }
        let parent = String(
            layout.checkpoints[..<(layout.checkpoints.lastIndex(of: "/") ?? layout.checkpoints.endIndex)])
        try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
        claim = try await lineage.claim(epoch: order.launch.epoch, at: now().milliseconds)
        let restored = try await lineage.restore(into: layout.checkpoints, atMost: .max)
        let generation = restored?.generation
        var passedOver = restored?.passedOver.map(\.description) ?? []
        if let expected = order.launch.expectedGeneration {
            guard let found = generation?.number else { throw NothingToResume(expected: expected) }
            if found < expected, passedOver.isEmpty {
                passedOver = ["generation \(expected) was committed, but the newest in the store is \(found)"]
            }
        }
        for passed in passedOver { log.write("passed over \(passed)", from: .agent) }
        guard let generation else { return try fromZero() }
        let inPlace = scanner.inPlace()
        resumeStep = inPlace?.step.map(String.init) ?? DecimalText.of(generation.progress)
        log.write("restored generation \(generation.number)", from: .agent)
        return .restored(
            prepared(
                TrainingStart(
                    at: now(), generation: generation.number, units: generation.progress, passedOver: passedOver)),
            inPlace)
    }

    func fromZero() throws -> AgentMachine.Event {
        try FileManager.default.createDirectory(atPath: layout.checkpoints, withIntermediateDirectories: true)
        resumeStep = nil
        log.write("starting from zero", from: .agent)
        let start = TrainingStart(at: now(), generation: nil, units: 0, passedOver: [])
        return .restored(prepared(start), scanner.inPlace())
    }

    /// Starts the training process and stays until it has ended and all its output has been read.
    func train() async {
        let status: ExitStatus
        do {
            let command = try TrainingCommand(
                order: order, layout: layout, inherited: inherited, resumeStep: resumeStep)
            let pump = try OutputPump(job: order.job, log: log, progress: progress, losses: losses)
            defer { pump.closeWriteEnd() }
            let child = try await ChildProcess.start(
                SpawnRequest(
                    executable: command.executable, arguments: command.arguments, environment: command.environment,
                    directory: layout.code, output: pump.writeEnd, tie: .diesWithParent))
            pump.closeWriteEnd()
            trainer = child
            if let start { tripwires.began(start) }
            if let dueSignal { child.signalGroup(dueSignal) }
            status = await child.exitStatus()
            trainerEndedAt = SystemClock.now()
            trainer = nil
            tripwires.ended()
            // Its end is the end of training: workers that outlive it would write into what is restored next.
            child.signalGroup(SIGKILL)
            await endEverything()
            // A descendant that cannot be killed may hold the pipe open; what the process wrote has been read by then.
            await pump.waitUntilFinished(atMost: .seconds(1))
        } catch {
            log.write("the training process could not be started: \(error)", from: .agent)
            occur.yield(.trainerCouldNotStart(String(describing: error)))
            return
        }
        log.write("the training process ended: \(status)", from: .agent)
        occur.yield(.trainerExited(status))
    }

    func commit(_ candidate: CheckpointCandidate) async {
        guard let claim else { preconditionFailure("a commit before the restore") }
        do {
            let files = candidate.files.map { file in
                SourceFile(path: file.path, expected: file.sha256.flatMap { Digest(hex: $0) })
            }
            let generation = try await lineage.commit(
                files, from: layout.checkpoints, under: claim, progress: units(in: candidate), label: candidate.label,
                at: now().milliseconds)
            lastComplaint = nil
            tripwires.committed(bytes: generation.bytes)
            occur.yield(
                .committed(
                    CommittedGeneration(
                        generation: generation.number, units: generation.progress, bytes: generation.bytes, at: now(),
                        loss: losses?.loss(at: candidate.writtenAt + LogReader.delay))))
        } catch {
            complain("the checkpoint \(candidate.label) was not committed: \(error)")
            switch error {
            case .fenced:
                occur.yield(.refused(.fenced))
            case .headUnreadable, .newerFormat, .otherStore, .logFull:
                // Only a new epoch may go on, and that is the runner's to give.
                occur.yield(.refused(.lost))
            case .sourceDamaged, .sourceRefused, .tooManyPieces:
                scanner.reject(candidate)
                occur.yield(.notCommitted)
            case .sourceChanged:
                occur.yield(.notCommitted)
            case .tooBusy, .storage:
                await pauseBetweenTries()
                occur.yield(.notCommitted)
            }
        }
    }

    /// Only after a commit, and before the next one may begin.
    func prune() async {
        guard let claim else { preconditionFailure("a pruning before the restore") }
        do {
            _ = try await lineage.prune(
                keep: order.job.checkpoint.keep, under: claim, trusting: .presence, at: now().milliseconds)
        } catch {
            // The next pruning does what this one could not; a fence is met by the next commit.
            complain("old checkpoints were not removed: \(error)")
        }
        occur.yield(.pruned)
    }

    private func outcomeOfPublishing() async -> AgentMachine.Event {
        let publisher = ModelPublisher(
            outputPath: order.job.outputPath, night: order.launch.night, epoch: order.launch.epoch)
        var attempt = 1
        while true {
            do {
                // A stay that was superseded must not publish: claiming again tells.
                _ = try await lineage.claim(epoch: order.launch.epoch, at: now().milliseconds)
                let (artifact, leftOut) = try await publisher.publish(from: layout.model) { await self.now() }
                for path in leftOut {
                    log.write("\(path.debugDescription) is not a regular file and no part of the model", from: .agent)
                }
                return .published(artifact)
            } catch CommitError.fenced {
                return .refused(.fenced)
            } catch {
                log.write("the model was not published: \(error)", from: .agent)
                if error is NoModel { return .noModel(at: now()) }
                if attempt == Self.tries || Task.isCancelled {
                    return .publishFailed(String(describing: error))
                }
            }
            attempt += 1
            await pauseBetweenTries()
        }
    }

    func now() -> Instant { order.clock.night(at: SystemClock.now()) }

    private static var tries: Int { 3 }

    private func pauseBetweenTries() async {
        // Cancelled: the next try finds out.
        try? await Task.sleep(for: order.clock.wallDuration(.seconds(5), atLeast: .milliseconds(200)))
    }

    /// Says the same thing once in a row.
    private func complain(_ text: String) {
        if lastComplaint != text { log.write(text, from: .agent) }
        lastComplaint = text
    }

    /// Progress inside a checkpoint: by its name where the job says so, else what the log had told when its last file
    /// was written, give or take what is trained within `LogReader.delay`.
    private func units(in candidate: CheckpointCandidate) -> Double {
        if let names = UnitsInName(order.job.progress),
            let newest = candidate.files.compactMap({ names.units(in: $0.path) }).max()
        {
            return newest
        }
        return progress.units(at: candidate.writtenAt + LogReader.delay)
    }
}

struct NothingToResume: Error, CustomStringConvertible {
    var expected: Int
    var description: String { "generation \(expected) was committed, but nothing was found to resume from" }
}
