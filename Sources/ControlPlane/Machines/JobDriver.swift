// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision
import TrainingJobs

/// The shell around one `StageJob`: tells it what happens, remembers what came of it, then does what it answers.
actor JobDriver {
    private static let pause = Duration.milliseconds(20)

    private enum Order: Sendable {
        case upload(withModel: Bool)
        case destroy
    }

    private let stored: StoredTrainingJob
    private let region: String
    private let settings: StageSettings
    private let jobs: JobStore
    private let logs: LogStore
    private let buckets: Buckets
    private var job: StageJob
    private let directives: AsyncStream<StageJob.Directive>
    private let occur: AsyncStream<StageJob.Directive>.Continuation
    private var machine: StageMachine?
    private var orders: AsyncStream<Order>.Continuation?

    init(
        _ stored: StoredTrainingJob, region: String, settings: StageSettings, jobs: JobStore, logs: LogStore,
        buckets: Buckets
    ) throws {
        self.stored = stored
        self.region = region
        self.settings = settings
        self.jobs = jobs
        self.logs = logs
        self.buckets = buckets
        let terms = stored.request.terms
        let length = (terms.maxWait ?? terms.maxPending) + terms.maxRuntime
        let supply = try settings.market.supply(of: terms.instanceType, terms.purchase, length: length)
        job = StageJob(terms: terms, supply: supply, factor: settings.timeScale, record: stored.record)
        (directives, occur) = AsyncStream.makeStream(of: StageJob.Directive.self)
    }

    /// Plays the job to its end. Cancelled, it ends the machine and leaves the job as it is: the next server finds a
    /// machine that was lost.
    func run() async {
        let isResumed = job.record.stays > 0 || !job.record.transitions.isEmpty
        handle(isResumed ? .machineLost(lastSeen: lastSign) : .looked)
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.pause)  // cancelled: the job is over
                    await self.lookIfDue()
                }
            }
            for await directive in directives { carryOut(directive, in: &group) }
            orders?.yield(.destroy)
            orders?.finish()
            group.cancelAll()
        }
    }

    /// Throws where the service refuses: a job that has ended or is ending.
    func stop() throws(ServiceFault) {
        guard job.record.status == .inProgress, !job.record.isOver else {
            throw .validation(
                "The request was rejected because the training job is in status \(job.record.status.rawValue)")
        }
        handle(.stopRequested)
    }

    private func lookIfDue() {
        guard let due = job.nextLook, due <= SystemClock.now(), !Task.isCancelled else { return }
        handle(.looked)
    }

    /// A server that is going down hears no more of its machines: what they say then is about being ended.
    private func heard(_ event: StageJob.Event) {
        if !Task.isCancelled { handle(event) }
    }

    private func handle(_ event: StageJob.Event) {
        let before = job.record
        let due = job.handle(event, at: SystemClock.now())
        if job.record != before {
            do {
                try jobs.save(job.record, of: stored.name)
            } catch {
                // A full disk must not end the job; each change is saved with all that went before it.
                write("stage: the job's state was not saved: \(error)")
            }
        }
        for directive in due { occur.yield(directive) }
        if job.record.isOver { occur.finish() }
    }

    private func carryOut(_ directive: StageJob.Directive, in group: inout DiscardingTaskGroup) {
        switch directive {
        case .start(let number): start(number, in: &group)
        case .terminate(let number) where number == machine?.number: machine?.terminate()
        case .killScript(let number) where number == machine?.number: machine?.kill()
        case .upload(let number, let withModel) where number == machine?.number:
            orders?.yield(.upload(withModel: withModel))
        case .kill(let number) where number == machine?.number:
            machine?.kill()
            orders?.yield(.destroy)
        case .terminate, .killScript, .upload, .kill: break
        }
    }

    private func start(_ number: Int, in group: inout DiscardingTaskGroup) {
        let files = StageFiles(directory: settings.directory)
        let archive = files.archive(of: stored.name)
        let machine = StageMachine(
            job: stored, number: number, region: region, settings: settings, clock: job.clock, buckets: buckets,
            archive: FileManager.default.fileExists(atPath: archive) ? archive : nil,
            directory: files.machine(number, of: stored.name), log: writer())
        let (stream, orders) = AsyncStream.makeStream(of: Order.self)
        self.machine = machine
        self.orders = orders
        group.addTask {
            await withTaskCancellationHandler {
                await machine.play { await self.heard($0) }
                for await order in stream {
                    switch order {
                    case .upload(let withModel): await self.heard(await machine.upload(withModel: withModel))
                    case .destroy:
                        await machine.destroy()
                        await self.heard(.gone(number))
                    }
                }
            } onCancel: {
                machine.kill()
            }
            await machine.destroy()
        }
    }

    /// One stream for the job, whatever machine it is on.
    private var streamName: String { "\(stored.name)/algo-1-\(stored.record.created.milliseconds / 1000)" }

    private func writer() -> @Sendable (String) -> Void {
        let (logs, stream) = (logs, streamName)
        // A line that cannot be kept is no reason to end the training.
        try? logs.create(stream, at: SystemClock.now())
        return { line in try? logs.append(line, to: stream, at: SystemClock.now()) }
    }

    private func write(_ line: String) { writer()(line) }

    /// The newest sign of life of an earlier server's machine.
    private var lastSign: Instant {
        // Without the log the record alone is the newest sign.
        let line = (try? logs.streams(prefix: streamName))?.first?.last
        return max(job.record.modified, line ?? job.record.modified)
    }
}

/// Where a stage keeps what.
struct StageFiles: Sendable {
    let directory: String

    var jobs: String { directory + "/jobs.sqlite" }
    var logs: String { directory + "/logs.sqlite" }
    func archive(of job: String) -> String { "\(directory)/sources/\(job).tar.gz" }
    func machine(_ number: Int, of job: String) -> String { "\(directory)/machines/\(job)-\(number)" }
    var sources: String { directory + "/sources" }
    var machines: String { directory + "/machines" }
}
