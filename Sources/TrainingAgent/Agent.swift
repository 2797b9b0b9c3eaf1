// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import FoundationEssentials
import Glibc
import ProcessSupervision
import TrainingJobs

/// The shell around `AgentMachine`: steps it with what happens on this machine and carries out what it answers.
///
/// It owns its whole process: it becomes a subreaper, and at the end it kills and reaps every descendant there is.
package actor Agent {
    let order: AgentOrder
    let inherited: [String: String]
    let layout: TrainingLayout
    let log: AgentLog
    let lineage: Lineage
    let progress = ProgressBoard()
    /// `nil` when no metric is the loss.
    let losses: LossBoard?
    let disk: DiskWatch
    private let events: AsyncStream<AgentMachine.Event>
    let occur: AsyncStream<AgentMachine.Event>.Continuation
    private(set) var machine: AgentMachine
    var tripwires: Tripwires
    /// When a living training process was last looked at; monotonic, because the wall clock may jump.
    var lookedAt: SuspendingClock.Instant?
    var lossWasFinite = true
    var alarmsLogged = 0
    var reportUnsaved = false
    var scanner: CheckpointScanner
    var trainer: ChildProcess?
    /// A signal that was due before the training process had been started.
    var dueSignal: Int32?
    /// When the last training process was seen to have ended.
    var trainerEndedAt = SystemClock.now()
    var claim: Claim?
    /// What the training process starts from.
    var start: TrainingStart?
    /// What the training process is told that it resumes from.
    var resumeStep: String?
    var lastComplaint: String?

    /// `environment` is what the training process inherits.
    package init(order: AgentOrder, environment: [String: String]) throws {
        self.order = order
        inherited = environment
        layout = TrainingLayout(root: order.root, checkpointLocalPath: order.job.checkpoint.localPath)
        log = try AgentLog(order: order)
        do {
            lineage = try Self.lineage(of: order)
        } catch {
            // There is no report yet that could say it, and a machine that dies without a word leaves a person nothing.
            log.write("checkpoints cannot be kept: \(error)", from: .agent)
            throw error
        }
        machine = AgentMachine(totalUnits: order.job.progress.total, tripwires: order.job.tripwires)
        tripwires = Tripwires(
            job: order.job, stallFloor: .seconds(60) * order.clock.factor,
            checkpointFloor: .seconds(5) * order.clock.factor)
        losses = order.job.lossMetric.map { metric in
            LossBoard(LossWatch(metric: metric.name, settings: order.job.tripwires))
        }
        scanner = CheckpointScanner(
            directory: layout.checkpoints,
            settleTime: order.clock.wallDuration(.seconds(5), atLeast: .milliseconds(200)))
        disk = DiskWatch(
            paths: [layout.root, order.job.checkpoint.uri, order.job.outputPath],
            every: order.clock.wallDuration(.seconds(5), atLeast: .milliseconds(50)))
        (events, occur) = AsyncStream.makeStream(of: AgentMachine.Event.self)
    }

    /// The place of a job's checkpoints need not exist when its first night begins, nor what is above it.
    private static func lineage(of order: AgentOrder) throws -> Lineage {
        let place = URL(filePath: order.job.checkpoint.uri)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        guard let lineage = Lineage(order.launch.night, in: try DirectoryObjectStore(root: order.job.checkpoint.uri))
        else { throw AgentIOError(path: order.launch.night, code: EINVAL) }
        return lineage
    }

    /// Works until the stay is over; the report then says how it ended. Throws when it could not be written.
    ///
    /// Cancelled, it ends what it has started and leaves a report without an end, as if the machine had gone.
    package func run() async throws {
        let signals = terminationSignals()
        becomeSubreaper()
        var first = [AgentMachine.Directive.restore]
        do {
            try layout.prepare(for: order)
        } catch {
            // A channel that is not there, a full disk: another machine would fare the same, so the job is told.
            log.write("the training could not be prepared: \(error)", from: .agent)
            first = machine.handle(.trainerCouldNotStart("the training could not be prepared: \(error)"))
        }
        await withDiscardingTaskGroup { group in
            watch(signals, in: &group)
            carryOut(first, in: &group)
            for await event in events {
                tellProgress(in: &group)
                tellLosses(in: &group)
                carryOut(machine.handle(event), in: &group)
                if machine.isOver { break }
            }
            // Whoever waits for the training process ends it, and all its descendants, before returning.
            group.cancelAll()
        }
        try await saveFinalReport()
    }

    private func tellProgress(in group: inout DiscardingTaskGroup) {
        guard let (wall, units, first) = progress.take() else { return }
        carryOut(
            machine.handle(.progressed(ProgressPoint(at: order.clock.night(at: wall), units: units))), in: &group)
        if let sighting = tripwires.progressed(to: units, first: first) { tell(sighting, in: &group) }
    }

    /// Before each event, so that a checkpoint which was found after a bad loss is judged after it.
    private func tellLosses(in group: inout DiscardingTaskGroup) {
        guard let (sightings, isFinite) = losses?.take() else { return }
        if isFinite != lossWasFinite {
            lossWasFinite = isFinite
            carryOut(machine.handle(.lossIsFinite(isFinite)), in: &group)
        }
        for sighting in sightings { tell(sighting, in: &group) }
    }

    private func tell(_ sighting: Alarm.Sighting, in group: inout DiscardingTaskGroup) {
        carryOut(machine.handle(.tripped(sighting, at: now())), in: &group)
    }

    /// What goes on beside the training process for as long as the stay lasts.
    private func watch(_ signals: AsyncStream<Void>, in group: inout DiscardingTaskGroup) {
        let clock = order.clock
        let occur = occur
        let lease = clock.wall(at: order.launch.notAfter) - SystemClock.now()
        group.addTask {
            try? await Task.sleep(for: max(.zero, lease))  // cancelled: the stay is over
            if !Task.isCancelled { occur.yield(.leaseEnded) }
        }
        let pause = clock.wallDuration(.seconds(1), atLeast: .milliseconds(50))
        group.addTask {
            while !Task.isCancelled {
                await self.look()
                try? await Task.sleep(for: pause)  // cancelled: the stay is over
            }
        }
        group.addTask {
            for await _ in signals { occur.yield(.stopRequested) }
        }
        guard let endpoint = inherited[MetadataClient.endpointVariable] else { return }
        guard let client = MetadataClient(endpoint: endpoint) else {
            return log.write(
                "\(MetadataClient.endpointVariable) is not http://<IPv4>[:port]: notices of an interruption are not seen",
                from: .agent)
        }
        // EC2's advice is to ask every five seconds.
        let interval = clock.wallDuration(.seconds(5), atLeast: .milliseconds(100))
        group.addTask {
            while !Task.isCancelled {
                // A metadata service that does not answer is no notice: there may be none at all.
                if let action = try? await client.instanceAction(),
                    let notice = action.notice(seenAt: clock.night(at: SystemClock.now()))
                {
                    occur.yield(.noticed(notice))
                }
                try? await Task.sleep(for: interval)  // cancelled: the stay is over
            }
        }
    }

    /// Looks around once.
    private func look() {
        if reportUnsaved { saveReport() }
        guard let trainer else {
            lookedAt = nil
            return
        }
        let own = getpid()
        let found = scanner.scan(at: SystemClock.now()) { ProcessTable.descendants(of: own) }
        for remark in scanner.takeRemarks() { log.write(remark, from: .agent) }
        ProcessTable.reapOrphans(of: own, except: trainer.pid)
        if let found {
            occur.yield(.checkpointFound(found))
        } else if progress.hasNews || losses?.hasNews == true {
            occur.yield(.progressTold)
        }
        lookForTrouble()
    }

    private func carryOut(_ directives: [AgentMachine.Directive], in group: inout DiscardingTaskGroup) {
        for directive in directives {
            switch directive {
            case .restore:
                group.addTask { await self.restore() }
            case .startFromZero:
                startFromZero()
            case .startTrainer:
                // What was meant for the one before is not for this one.
                dueSignal = nil
                group.addTask { await self.train() }
            case .signalTrainer(let signal):
                send(signal == .terminate ? SIGTERM : SIGKILL)
            case .commit(let candidate):
                group.addTask { await self.commit(candidate) }
            case .prune:
                group.addTask { await self.prune() }
            case .finalScan(let status):
                let found = scanner.lastLook(endedAt: trainerEndedAt, savedOnPurpose: status.saysItSaved)
                for remark in scanner.takeRemarks() { log.write(remark, from: .agent) }
                occur.yield(.finalScanDone(found))
            case .publishModel:
                group.addTask { await self.publish() }
            case .writeNoticeFile:
                writeNoticeFile(machine.report.notice)
            case .startGrace:
                let grace = order.clock.wallDuration(.seconds(60), atLeast: .seconds(2))
                let occur = occur
                group.addTask {
                    try? await Task.sleep(for: grace)  // cancelled: the stay is over
                    occur.yield(.graceOver)
                }
            case .saveReport:
                saveReport()
            case .finish:
                occur.finish()
            }
        }
    }

    private func send(_ signal: Int32) {
        dueSignal = signal
        trainer?.signalGroup(signal)
    }
}
