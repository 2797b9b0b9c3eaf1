// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

/// A machine and the shell around it as far as the laws need it: what is under way, and so what can happen next.
struct AgentWorld {
    enum Work: Hashable { case restore, trainer, commit(Int), prune, finalScan, publish, grace }

    static let totalUnits = 20.0

    var machine: AgentMachine
    var underWay: Set<Work> = [.restore]
    var told: [AgentMachine.Event] = []
    var broken: [String] = []
    private var terminates = 0
    private var publishes = 0
    private var step = 0
    private var generation = 0
    private var failuresInARow = 0
    private var lastExit: ExitStatus?
    private var refused = false
    private var restored = false
    /// What a job wants of its tripwires; `nil`: none fires in this world.
    private let tripwires: TripwireSettings?
    /// A tripwire has had the training process killed, and it has not ended yet.
    private var killed = false
    private var restartsInARow = 0
    private var lossIsFinite = true
    private var fromZero = false

    init(tripwires: TripwireSettings? = nil) {
        machine = AgentMachine(totalUnits: Self.totalUnits, tripwires: tripwires ?? TripwireSettings())
        self.tripwires = tripwires
    }

    var isOver: Bool { machine.isOver }

    private var storeIsBusy: Bool {
        underWay.contains { if case .commit = $0 { true } else { $0 == .prune } }
    }

    static func candidate(_ step: Int) -> CheckpointCandidate {
        CheckpointCandidate(label: "checkpoint-\(step)", step: step, files: [])
    }

    /// Whatever may happen now, given what is under way.
    var possible: [AgentMachine.Event] {
        var events: [AgentMachine.Event] = []
        for work in underWay {
            switch work {
            case .restore:
                if fromZero {
                    events.append(.restored(start(0), nil))
                } else {
                    events += [
                        .restored(start(generation), generation == 0 ? nil : Self.candidate(step)),
                        .restoreFailed(.lost),
                    ]
                    if tripwires != nil, generation == 0 { events.append(Self.nothingToResume) }
                }
            case .trainer where killed:
                events += [
                    .trainerExited(.killed(signal: 9)), .trainerExited(.exited(0)),
                    .checkpointFound(Self.candidate(step + 1)),
                ]
            case .trainer:
                events += [
                    .trainerExited(.exited(0)), .trainerExited(.exited(1)),
                    .checkpointFound(Self.candidate(step + 1)), .checkpointFound(Self.candidate(step)),
                ]
                if tripwires != nil { events += Self.troubles + [.lossIsFinite(!lossIsFinite)] }
                if machine.report.progress == nil {
                    events.append(.progressed(ProgressPoint(at: Instant(milliseconds: 1), units: Self.totalUnits)))
                }
            case .commit:
                events += [.committed(committed(generation + 1)), .notCommitted, .refused(.fenced)]
            case .prune:
                events.append(.pruned)
            case .finalScan:
                events += [.finalScanDone(nil), .finalScanDone(Self.candidate(step + 1))]
            case .publish:
                events += [
                    .published(ModelArtifact(at: Instant(milliseconds: 1), digest: "", bytes: 1, path: "")),
                    .publishFailed("no model"), .refused(.fenced),
                ]
                if tripwires != nil { events.append(.noModel(at: Instant(milliseconds: 2))) }
            case .grace:
                events.append(.graceOver)
            }
        }
        if machine.report.notice == nil { events.append(.noticed(Self.notice)) }
        if !told.contains(.stopRequested) { events.append(.stopRequested) }
        return events.sorted { String(describing: $0) < String(describing: $1) }
    }

    static let troubles: [AgentMachine.Event] = [
        .tripped(.stalled(seconds: 1800, limitSeconds: 1800), at: Instant(milliseconds: 2)),
        .tripped(.lossNotFinite(metric: "loss", text: "nan"), at: Instant(milliseconds: 2)),
        .tripped(.diskFilling(path: "/", freeBytes: 1, limitBytes: 2), at: Instant(milliseconds: 2)),
    ]
    static let nothingToResume = AgentMachine.Event.nothingToResume(
        expected: 4, why: "gone", at: Instant(milliseconds: 2))

    static let notice = InterruptionNotice(
        seenAt: Instant(milliseconds: 1), interruptionAt: Instant(milliseconds: 120_000))

    private func start(_ generation: Int) -> TrainingStart {
        TrainingStart(
            at: Instant(milliseconds: 1), generation: generation == 0 ? nil : generation, units: 0, passedOver: [])
    }

    private func committed(_ generation: Int) -> CommittedGeneration {
        CommittedGeneration(generation: generation, units: 0, bytes: 1, at: Instant(milliseconds: 1))
    }

    mutating func tell(_ event: AgentMachine.Event) {
        let wasOver = machine.isOver
        let trained = underWay.contains(.trainer) && !killed
        let alarms = machine.report.alarms
        note(event)
        told.append(event)
        let directives = machine.handle(event)
        if wasOver, !directives.isEmpty { broken.append("answered after the end") }
        for directive in directives { obey(directive, to: event) }
        if case .noticed = event, trained, terminates == 0, !machine.isOver { broken.append("no SIGTERM at a notice") }
        if failuresInARow >= 3, !machine.isOver { broken.append("three failures do not end the stay") }
        if refused, !machine.isOver { broken.append("goes on although the store refused it") }
        judge(machine.report.alarms.dropFirst(alarms.count))
        if machine.isOver != (machine.report.end != nil) { broken.append("over without a reason, or the reverse") }
        if machine.isOver, !wasOver, directives.suffix(3) != [.signalTrainer(.kill), .saveReport, .finish] {
            broken.append("ended without killing, saving and finishing: \(directives)")
        }
        if !machine.isOver, underWay.subtracting([.grace]).isEmpty { broken.append("stuck: nothing is under way") }
    }

    /// What an event means for the world.
    private mutating func note(_ event: AgentMachine.Event) {
        switch event {
        case .restored:
            underWay.remove(.restore)
            restored = true
            fromZero = false
            lossIsFinite = true
        case .restoreFailed, .nothingToResume: underWay.remove(.restore)
        case .lossIsFinite(let isFinite): lossIsFinite = isFinite
        case .trainerExited(let status):
            underWay.remove(.trainer)
            lastExit = status
            if !killed { failuresInARow = status.isSuccess || terminates > 0 ? 0 : failuresInARow + 1 }
            killed = false
        case .committed(let new):
            for case .commit(let committed) in underWay { step = committed }
            underWay = underWay.filter { if case .commit = $0 { false } else { true } }
            generation = new.generation
            failuresInARow = 0
            restartsInARow = 0
        case .notCommitted: underWay = underWay.filter { if case .commit = $0 { false } else { true } }
        case .pruned: underWay.remove(.prune)
        case .finalScanDone: underWay.remove(.finalScan)
        case .published, .publishFailed, .noModel: underWay.remove(.publish)
        case .graceOver: underWay.remove(.grace)
        case .refused: refused = true
        default: break
        }
    }

    /// What was done for each tripwire is what the job wants.
    private mutating func judge(_ alarms: some Collection<Alarm>) {
        for alarm in alarms {
            let choice = tripwires?.choice(for: alarm.tripwire) ?? .off
            switch alarm.action {
            case .wentOn: if choice != .goOn || machine.isOver { broken.append("goes on: \(alarm)") }
            case .restarted:
                let isWanted = choice == .restart || (choice == .goOn && alarm.tripwire == .nothingToResume)
                if !isWanted || machine.isOver { broken.append("restarts: \(alarm)") }
                if choice == .restart { restartsInARow += 1 }
                if restartsInARow > 3 { broken.append("four restarts without a new generation") }
            case .stopped:
                if choice != .stop, choice != .restart || restartsInARow < 3 { broken.append("stops: \(alarm)") }
                if !machine.isOver { broken.append("stopped and not over") }
            }
        }
        if alarms.count > 1 { broken.append("two alarms for one event") }
    }

    private mutating func obey(_ directive: AgentMachine.Directive, to event: AgentMachine.Event) {
        switch directive {
        case .restore:
            if underWay.contains(.trainer) || storeIsBusy { broken.append("restores under a live trainer or a commit") }
            underWay.insert(.restore)
            restored = false
        case .startFromZero:
            if underWay.contains(.trainer) || storeIsBusy { broken.append("starts anew under a live trainer") }
            fromZero = true
            underWay.insert(.restore)
        case .startTrainer:
            if !restored || underWay.contains(.trainer) { broken.append("starts without a restore, or twice") }
            restored = false
            underWay.insert(.trainer)
        case .signalTrainer(.terminate):
            terminates += 1
            if terminates > 1 { broken.append("SIGTERM twice") }
        case .signalTrainer(.kill): killed = underWay.contains(.trainer)
        case .commit(let candidate):
            if storeIsBusy { broken.append("two pieces of work in the store") }
            if killed { broken.append("commits what a killed process left") }
            if !lossIsFinite, tripwires?.badLoss != .off { broken.append("commits with a loss that is no number") }
            if underWay.contains(.restore) { broken.append("commits while it restores") }
            if let step = candidate.step, step <= self.step, generation > 0 { broken.append("commits an old step") }
            underWay.insert(.commit(candidate.step ?? 0))
        case .prune:
            if storeIsBusy { broken.append("prunes beside a commit") }
            underWay.insert(.prune)
        case .finalScan:
            if underWay.contains(.trainer) || storeIsBusy { broken.append("last look too early") }
            underWay.insert(.finalScan)
        case .publishModel:
            publishes += 1
            if publishes > 1 { broken.append("publishes twice") }
            if lastExit != .exited(0) || underWay.contains(.trainer) || storeIsBusy {
                broken.append("publishes too early")
            }
            underWay.insert(.publish)
        case .startGrace:
            if !underWay.insert(.grace).inserted { broken.append("two graces") }
        case .writeNoticeFile:
            if terminates > 0 { broken.append("the signal comes before its notice file") }
        case .saveReport: break
        case .finish:
            if machine.report.end == nil { broken.append("finishes without a reason") }
        }
    }
}
