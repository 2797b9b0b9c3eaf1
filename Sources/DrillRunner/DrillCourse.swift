// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Drills
import Foundation
import ProcessSupervision
import TrainingAgent
import TrainingJobs

/// One run of a drill, from zero to its end: starts a machine, disturbs it, starts the next.
struct DrillCourse: Sendable {
    /// How often a machine is looked at.
    private static let pause = Duration.milliseconds(5)
    private static let hearing = Duration.milliseconds(200)

    let name: String
    let disturbance: Disturbance?
    /// What to do to each stay; one that has none is left alone.
    var injections: [Injection]
    /// No stay is waited for longer.
    let patience: Duration
    let clockFactor: Int
    let job: TrainingJob
    let sourceDirectory: String
    /// Its own, empty.
    var directory: String
    let agentExecutable: String
    let environment: [String: String]

    /// The same with each injection as early as it makes sense, in a directory beside.
    var earlier: DrillCourse {
        var course = self
        course.directory += "/again"
        for index in injections.indices {
            course.injections[index].moment.saves = min(1, injections[index].moment.saves)
            course.injections[index].moment.pause = .zero
        }
        return course
    }

    func run() async throws -> DrillRun {
        var run = DrillRun(name: name, disturbance: disturbance, stays: [], model: nil, tornFile: nil)
        var epoch = 0
        var expected: Int?
        while true {
            epoch += 1
            let machine = try await DrillMachine.start(
                order(epoch: epoch, expecting: expected), executable: agentExecutable, environment: environment)
            let injection = injections.indices.contains(run.stays.count) ? injections[run.stays.count] : nil
            let (end, interrupter) = await withTaskCancellationHandler {
                await attend(machine, injection)
            } onCancel: {
                machine.kill()
            }
            await machine.close()
            interrupter?.stop()
            try Task.checkCancellation()
            let stay = try StayReader(
                machine: machine, end: end, saves: interrupter?.saves ?? [], named: interrupter?.named ?? []
            ).stay()
            run.stays.append(stay)
            let report = machine.report ?? AgentReport()
            expected = report.commits.last?.generation ?? report.training?.generation
            switch end {
            case .completed:
                run.model = report.model
                return run
            case .failed:
                return run
            case .killed, .noticed:
                if case .frozen(let torn)? = interrupter?.state {
                    run.tornFile = torn
                    epoch += 1
                    expected =
                        try await handOver(
                            machine, torn, epoch: epoch, units: stay.units(savedAt: interrupter?.wholeAt)) ?? expected
                }
            }
        }
    }

    private func order(epoch: Int, expecting generation: Int?) throws -> AgentOrder {
        guard let offer = job.offers.first else { throw DrillError.noOffer }
        let now = SystemClock.now()
        let clock = ClockScale(wallOrigin: now, nightOrigin: now, factor: clockFactor)
        let farAway = now + .seconds(86400 * 365)
        let stay = "\(directory)/stay-\(epoch)"
        return AgentOrder(
            launch: LaunchOrder(
                key: "\(name)-a\(epoch)", night: name, epoch: epoch, offer: offer,
                rate: HourlyRate(microdollars: 0), notAfter: farAway, expectedGeneration: generation),
            job: scratchJob, deadline: farAway, clock: clock, sourceDirectory: sourceDirectory, root: stay + "/disk",
            reportDirectory: stay)
    }

    private var scratchJob: TrainingJob {
        var job = job
        job.checkpoint.uri = directory + "/store"
        job.outputPath = directory + "/models"
        // The drill judges what a script does; nothing may cover it up by starting it again.
        job.tripwires = .allOff
        return job
    }

    /// Looks on until the stay is over, and does the injection at its moment.
    private func attend(_ machine: DrillMachine, _ injection: Injection?) async -> (DrillStay.End, SaveInterrupter?) {
        let over = Task { await machine.agent.exitStatus() }
        var interrupter: SaveInterrupter?
        var due: ContinuousClock.Instant?
        var noticedAt: ContinuousClock.Instant?
        while true {
            let now = ContinuousClock.now
            let isOver = ProcessIdentity(pid: machine.agent.pid) == nil
            let report = machine.report
            if isOver {
                _ = await over.value
                return (naturalEnd(report, machine, noticedAt: noticedAt), interrupter)
            }
            if interrupter == nil, report?.training != nil {
                // Not there yet: the next look tries again.
                interrupter = try? SaveInterrupter(of: machine)
            }
            if let injection, noticedAt == nil, let report, interrupter != nil {
                // What a kill leaves must have been committed; on a notice the script saves once more by itself.
                let saved = injection.kind == .notice ? interrupter?.saves.count ?? 0 : report.commits.count
                if due == nil, report.training != nil, saved >= injection.moment.saves {
                    due = now + injection.moment.pause
                }
                if let due, now >= due {
                    switch injection.kind {
                    case .kill:
                        machine.kill()
                        _ = await over.value
                        return (.killed, interrupter)
                    case .killInSave:
                        interrupter?.arm()
                    case .notice:
                        noticedAt = now
                        await machine.announceInterruption(in: DrillMeasurements.noticeTime)
                    }
                }
            }
            if case .frozen? = interrupter?.state {
                // The agent has time to read what the script had printed before it was frozen.
                try? await Task.sleep(for: Self.hearing)  // cancelled: it ends at once
                machine.kill()
                _ = await over.value
                return (.killed, interrupter)
            }
            let overtime = now - machine.started > patience
            if overtime || Task.isCancelled
                || noticedAt.map({ now - $0 >= DrillMeasurements.noticeTime }) ?? false
            {
                machine.kill()
                _ = await over.value
                if let noticedAt {
                    return (.noticed(after: JSONSeconds(wrappedValue: now - noticedAt), saved: false), interrupter)
                }
                return (.failed("it was not over after \(patience.components.seconds) s"), interrupter)
            }
            // Cancelled: the next look ends it.
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func naturalEnd(
        _ report: AgentReport?, _ machine: DrillMachine, noticedAt: ContinuousClock.Instant?
    ) -> DrillStay.End {
        switch report?.end {
        case .completed: return .completed
        case .interrupted:
            let notice = noticedAt ?? ContinuousClock.now
            let saved = report?.commits.contains {
                machine.started + machine.elapsed(at: $0.at) >= notice
            }
            return .noticed(
                after: JSONSeconds(wrappedValue: ContinuousClock.now - notice), saved: saved ?? false)
        case .trainingFailed(let why), .checkpointsLost(let why): return .failed(why)
        case .stopped, .leaseExpired, .fenced, .noCapacity, .lost, .tripped, nil:
            return .failed("the agent ended without a word")
        }
    }

    /// The checkpoint directory as the kill left it becomes the newest generation: what a platform that copies files,
    /// and knows nothing of sets, would hand to the next machine. Answers that generation.
    private func handOver(
        _ machine: DrillMachine, _ torn: TornFile?, epoch: Int, units: Double
    ) async throws -> Int? {
        if let torn {
            // Half of what had been written: the same kill, a moment earlier.
            let path = machine.checkpoints + "/" + torn.path
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            defer { try? handle.close() }  // nothing was written
            try handle.truncate(atOffset: try handle.seekToEnd() / 2)
        }
        let files = SaveInterrupter.files(below: machine.checkpoints)
        guard !files.isEmpty, let lineage = Lineage(name, in: try DirectoryObjectStore(root: scratchJob.checkpoint.uri))
        else { return nil }
        let now = SystemClock.now().milliseconds
        let claim = try await lineage.claim(epoch: epoch, at: now)
        let generation = try await lineage.commit(
            files.map { SourceFile(path: $0.path, expected: nil) }, from: machine.checkpoints, under: claim,
            progress: units,
            label: "as the kill left it", at: now)
        return generation.number
    }
}

extension DrillStay {
    /// Progress that the log had told when the newest whole checkpoint was complete.
    fileprivate func units(savedAt whole: Duration?) -> Double {
        let heard = whole.map { $0 + LogReader.delay } ?? .zero
        return progress.last { $0.at <= heard }?.units ?? restored?.units ?? 0
    }
}

package enum DrillError: Error, CustomStringConvertible {
    case noOffer
    case busy(directory: String)

    package var description: String {
        switch self {
        case .noOffer: "the job has no offer to take an instance type from"
        case .busy(let directory): "another drill of this job is under way in \(directory)"
        }
    }
}
