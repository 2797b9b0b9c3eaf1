// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import FoundationEssentials
import Glibc
import ProcessSupervision
import TrainingJobs

/// The longer pieces of work; each ends by telling the machine what came of it.
extension Agent {
    func restore() async {
        do {
            // Whatever a killed training process left is not to be trusted.
            if FileManager.default.fileExists(atPath: layout.checkpoints) {
                try FileManager.default.removeItem(atPath: layout.checkpoints)
            }
            claim = try await lineage.claim(epoch: order.launch.epoch, at: now().milliseconds)
            let restored = try await lineage.restore(into: layout.checkpoints, atMost: .max)
            for passed in restored?.passedOver ?? [] { log.write("passed over \(passed)", from: .agent) }
            if restored == nil {
                if let expected = order.launch.expectedGeneration { throw NothingToResume(expected: expected) }
                try FileManager.default.createDirectory(atPath: layout.checkpoints, withIntermediateDirectories: true)
            }
            let generation = restored?.generation
            let start = TrainingStart(
                at: now(), generation: generation?.number, units: generation?.progress ?? 0,
                passedOver: restored?.passedOver.map(\.description) ?? [])
            history = [(SystemClock.now(), start.units)]
            let markedStep = generation.flatMap { Self.markedStep(of: $0) }
            resumeStep = generation.map { markedStep.map(String.init) ?? String(Int($0.progress)) }
            log.write(generation.map { "restored generation \($0.number)" } ?? "starting from zero", from: .agent)
            occur.yield(.machine(.restored(start, step: markedStep)))
        } catch CommitError.fenced {
            occur.yield(.machine(.restoreFailed(.fenced)))
        } catch {
            log.write("restore failed: \(error)", from: .agent)
            occur.yield(.machine(.restoreFailed(.checkpointsLost(String(describing: error)))))
        }
    }

    /// Starts the training process and stays until it has ended and all its output has been read.
    func train() async {
        let status: ExitStatus
        do {
            let command = try TrainingCommand(order: order, layout: layout, inherited: inherited, resumeStep: resumeStep)
            let occur = occur
            let pump = try OutputPump(job: order.job, log: log, clock: order.clock) { point, wall in
                occur.yield(.progress(point, wall: wall))
            }
            defer { pump.closeWriteEnd() }
            let child = try await ChildProcess.start(
                SpawnRequest(
                    executable: command.executable, arguments: command.arguments, environment: command.environment,
                    directory: layout.code, output: pump.writeEnd, tie: .diesWithParent))
            pump.closeWriteEnd()
            trainer = child
            status = await child.exitStatus()
            // A grandchild may hold the pipe open for ever; what the training process wrote has been read by then.
            await pump.waitUntilFinished(atMost: .seconds(1))
            trainer = nil
        } catch {
            log.write("the training process could not be started: \(error)", from: .agent)
            occur.yield(.machine(.trainerCouldNotStart(String(describing: error))))
            return
        }
        log.write("the training process ended: \(status)", from: .agent)
        occur.yield(.machine(.trainerExited(success: status.isSuccess, description: status.description)))
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
            let committed = CommittedGeneration(
                generation: generation.number, units: generation.progress, bytes: generation.bytes, at: now())
            // Before the machine hears of the commit: it may then order the next one, and pruning meanwhile would take
            // that one's pieces away.
            await prune(under: claim)
            occur.yield(.machine(.committed(committed)))
        } catch CommitError.fenced {
            occur.yield(.machine(.refused(.fenced)))
        } catch CommitError.headUnreadable {
            // Only a new epoch may go on, and that is the runner's to give.
            occur.yield(.machine(.refused(.lost)))
        } catch {
            log.write("the checkpoint \(candidate.label) was not committed: \(error)", from: .agent)
            occur.yield(.machine(.committed(nil)))
        }
    }

    private func prune(under claim: Claim) async {
        do {
            _ = try await lineage.prune(
                keep: order.job.checkpoint.keep, under: claim, trusting: .presence, at: now().milliseconds)
        } catch {
            // The generation is durable all the same; the next pruning, or the next commit, meets the same trouble.
            log.write("old checkpoints were not removed: \(error)", from: .agent)
        }
    }

    func publish() async {
        do {
            // A stay that was superseded must not publish: claiming again tells.
            _ = try await lineage.claim(epoch: order.launch.epoch, at: now().milliseconds)
            let publisher = ModelPublisher(
                outputPath: order.job.outputPath, night: order.launch.night, epoch: order.launch.epoch)
            occur.yield(.machine(.published(try publisher.publish(from: layout.model, at: now))))
        } catch CommitError.fenced {
            occur.yield(.machine(.refused(.fenced)))
        } catch {
            log.write("the model was not published: \(error)", from: .agent)
            occur.yield(.machine(.publishFailed(String(describing: error))))
        }
    }

    func save(_ value: some Encodable, as path: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(value).write(to: URL(filePath: path), options: .atomic)
        } catch {
            // The next report is whole again; a full disk must not end the training.
            log.write("cannot write \(path): \(error)", from: .agent)
        }
    }

    func now() -> Instant { order.clock.night(at: SystemClock.now()) }

    /// Progress inside a checkpoint: by its name where the job says so, else what the log had told when its last file
    /// was written. Told a little late, never too early: what is durable must not be overstated.
    private func units(in candidate: CheckpointCandidate) -> Double {
        if case .checkpointName(let pattern, _) = order.job.progress {
            let values = candidate.files.compactMap { file -> Double? in
                // The expression was checked with the job file; a name that it does not match tells nothing.
                guard let regex = try? Regex(pattern), let match = try? regex.firstMatch(in: file.path),
                    match.output.count > 1
                else { return nil }
                return match.output[1].substring.flatMap { Double($0) }
            }
            if let newest = values.max() { return newest }
        }
        return history.last { $0.wall <= candidate.writtenAt }?.units ?? history.first?.units ?? 0
    }

    /// The step in the name of a checkpoint with a completion marker; `nil` for files that merely settled.
    private static func markedStep(of generation: Generation) -> Int? {
        generation.label?.split(separator: "-").last.flatMap { Int($0) }
    }
}

struct NothingToResume: Error, CustomStringConvertible {
    var expected: Int
    var description: String { "generation \(expected) was committed, but nothing was found to resume from" }
}
