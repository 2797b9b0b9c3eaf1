// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Dispatch
import FoundationEssentials
import Glibc
import ProcessSupervision
import TrainingJobs

/// The shell around `AgentMachine`: steps it with what happens on this machine and carries out what it answers.
package actor Agent {
    enum Occurrence: Sendable {
        case machine(AgentMachine.Event)
        case progress(ProgressPoint, wall: Instant)
        case look
    }

    let order: AgentOrder
    let inherited: [String: String]
    let layout: TrainingLayout
    let log: AgentLog
    let lineage: Lineage
    private let occurrences: AsyncStream<Occurrence>
    let occur: AsyncStream<Occurrence>.Continuation
    private var machine: AgentMachine
    private var scanner: CheckpointScanner
    var trainer: ChildProcess?
    var claim: Claim?
    /// Progress by wall time: what a checkpoint holds is what had been told when its last file was written.
    var history: [(wall: Instant, units: Double)] = []
    /// What the training process is told that it resumes from.
    var resumeStep: String?

    /// `environment` is what the training process inherits.
    package init(order: AgentOrder, environment: [String: String]) throws {
        self.order = order
        inherited = environment
        layout = TrainingLayout(root: order.root, checkpointLocalPath: order.job.checkpoint.localPath)
        log = try AgentLog(order: order)
        let objects = try DirectoryObjectStore(root: order.job.checkpoint.uri)
        guard let lineage = Lineage(order.launch.night, in: objects) else {
            throw AgentIOError(path: order.launch.night, code: EINVAL)
        }
        self.lineage = lineage
        machine = AgentMachine(totalUnits: order.job.progress.total)
        scanner = CheckpointScanner(
            directory: layout.checkpoints,
            settleTime: order.clock.wallDuration(.seconds(5), atLeast: .milliseconds(200)))
        (occurrences, occur) = AsyncStream.makeStream(of: Occurrence.self)
    }

    /// Works until the stay is over; the report then says how it ended.
    package func run() async throws {
        becomeSubreaper()
        try layout.prepare(for: order)
        try await withThrowingDiscardingTaskGroup { group in
            watch(in: &group)
            carryOut([.restore], in: &group)
            for await occurrence in occurrences {
                carryOut(directives(for: occurrence), in: &group)
                if machine.isOver { break }
            }
            group.cancelAll()
        }
    }

    private func directives(for occurrence: Occurrence) -> [AgentMachine.Directive] {
        switch occurrence {
        case .machine(let event):
            return machine.handle(event)
        case .progress(let point, let wall):
            history.append((wall, point.units))
            return machine.handle(.progressed(point))
        case .look:
            guard let trainer,
                let found = scanner.scan(
                    at: SystemClock.now(), processes: ProcessTable.descendants(of: getpid()) + [trainer.pid],
                    finished: false)
            else { return [] }
            return machine.handle(.checkpointFound(found))
        }
    }

    /// What goes on beside the training process for as long as the stay lasts.
    private func watch(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
        let clock = order.clock
        let occur = occur
        let lease = clock.wall(at: order.launch.notAfter) - SystemClock.now()
        group.addTask {
            try? await Task.sleep(for: max(.zero, lease))  // cancelled: the stay is over
            if !Task.isCancelled { occur.yield(.machine(.leaseEnded)) }
        }
        let pause = clock.wallDuration(.seconds(1), atLeast: .milliseconds(50))
        group.addTask {
            while !Task.isCancelled {
                occur.yield(.look)
                try? await Task.sleep(for: pause)  // cancelled: the stay is over
            }
        }
        if let client = inherited[MetadataClient.endpointVariable].flatMap({ MetadataClient(endpoint: $0) }) {
            // EC2's advice is to ask every five seconds.
            let interval = clock.wallDuration(.seconds(5), atLeast: .milliseconds(100))
            group.addTask {
                while !Task.isCancelled {
                    // A metadata service that does not answer is no notice: there may be none at all.
                    if let action = try? await client.instanceAction(), let at = Instant(iso8601: action.time) {
                        let seen = clock.night(at: SystemClock.now())
                        occur.yield(.machine(.noticed(InterruptionNotice(seenAt: seen, interruptionAt: at))))
                    }
                    try? await Task.sleep(for: interval)  // cancelled: the stay is over
                }
            }
        }
        group.addTask {
            for await _ in terminationSignals() { occur.yield(.machine(.stopRequested)) }
        }
    }

    private func carryOut(
        _ directives: [AgentMachine.Directive], in group: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        for directive in directives {
            switch directive {
            case .restore:
                group.addTask { await self.restore() }
            case .startTrainer:
                group.addTask { await self.train() }
            case .signalTrainer(.terminate):
                trainer?.signalGroup(SIGTERM)
            case .signalTrainer(.kill):
                trainer?.signalGroup(SIGKILL)
                for pid in ProcessTable.descendants(of: getpid()) { kill(pid, SIGKILL) }
            case .commit(let candidate):
                group.addTask { await self.commit(candidate) }
            case .finalScan:
                let found = scanner.scan(at: SystemClock.now(), processes: [], finished: true)
                occur.yield(.machine(.finalScanDone(found)))
            case .publishModel:
                group.addTask { await self.publish() }
            case .writeNoticeFile(let notice):
                save(notice, as: layout.noticeFile)
            case .startGrace:
                let grace = order.clock.wallDuration(.seconds(60), atLeast: .seconds(2))
                let occur = occur
                group.addTask {
                    try? await Task.sleep(for: grace)  // cancelled: the stay is over
                    occur.yield(.machine(.graceOver))
                }
            case .saveReport:
                save(machine.report, as: order.reportDirectory + "/" + AgentOrder.reportName)
            case .finish:
                occur.finish()
            }
        }
    }
}
