// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import Testing
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

/// What a stay does about a tripwire is what the job wants.
@Suite struct TripwireMachineTests {
    private static let now = Instant(milliseconds: 7)
    private static let stalled = Alarm.Sighting.stalled(seconds: 1800, limitSeconds: 1800)

    private static func training(_ change: (inout TripwireSettings) -> Void = { _ in }) -> AgentMachine {
        var settings = TripwireSettings()
        change(&settings)
        var machine = AgentMachine(totalUnits: 20, tripwires: settings)
        _ = machine.handle(restored)
        return machine
    }

    private static let restored = AgentMachine.Event.restored(
        TrainingStart(at: Instant(milliseconds: 0), generation: 4, units: 8, passedOver: []),
        AgentWorld.candidate(8))

    @Test func `restart kills the training process and restores once it has ended`() {
        var machine = Self.training()
        #expect(machine.handle(.tripped(Self.stalled, at: Self.now)) == [.signalTrainer(.kill), .saveReport])
        #expect(
            machine.report.alarms == [
                Alarm(at: Self.now, sighting: Self.stalled, units: 8, action: .restarted(generation: 4))
            ])
        #expect(machine.handle(.tripped(Self.stalled, at: Self.now)) == [], "it is on its way")
        #expect(machine.handle(.checkpointFound(AgentWorld.candidate(9))) == [])
        #expect(machine.handle(.trainerExited(.killed(signal: 9))) == [.restore])
        #expect(machine.handle(Self.restored) == [.startTrainer, .saveReport])
        #expect(machine.report.trainerFailures == [])
    }

    @Test func `a restart waits for the commit that is under way`() {
        var machine = Self.training()
        _ = machine.handle(.checkpointFound(AgentWorld.candidate(9)))
        _ = machine.handle(.tripped(Self.stalled, at: Self.now))
        #expect(machine.handle(.trainerExited(.killed(signal: 9))) == [])
        let generation = CommittedGeneration(generation: 5, units: 9, bytes: 1, at: Self.now)
        #expect(machine.handle(.committed(generation)) == [.saveReport, .restore])
    }

    @Test func `three restarts without a new generation are enough, and a generation makes three more`() {
        var machine = Self.training()
        func stall() -> Bool {
            _ = machine.handle(.tripped(Self.stalled, at: Self.now))
            guard !machine.isOver else { return false }
            _ = machine.handle(.trainerExited(.killed(signal: 9)))
            _ = machine.handle(Self.restored)
            return true
        }
        #expect(stall() && stall() && stall())
        _ = machine.handle(.checkpointFound(AgentWorld.candidate(9)))
        _ = machine.handle(.committed(CommittedGeneration(generation: 5, units: 9, bytes: 1, at: Self.now)))
        _ = machine.handle(.pruned)
        #expect(stall() && stall() && stall())
        #expect(!stall())
        #expect(machine.report.end == .tripped(Self.stalled))
        #expect(machine.report.alarms.last?.action == .stopped(restarts: 3))
    }

    @Test func `stop ends the stay at once, going on only tells, off does not even that`() {
        var machine = Self.training { $0.stalled = .stop }
        #expect(
            machine.handle(.tripped(Self.stalled, at: Self.now)) == [.signalTrainer(.kill), .saveReport, .finish])
        #expect(machine.report.end == .tripped(Self.stalled))
        machine = Self.training { $0.stalled = .goOn }
        #expect(machine.handle(.tripped(Self.stalled, at: Self.now)) == [.saveReport])
        #expect(machine.report.alarms.map(\.action) == [.wentOn])
        machine = Self.training { $0.stalled = .off }
        #expect(machine.handle(.tripped(Self.stalled, at: Self.now)) == [])
        #expect(machine.report.alarms == [])
    }

    @Test func `a tripwire without end does not fill the report`() {
        var machine = Self.training { $0.badLoss = .goOn }
        for _ in 1...1000 { _ = machine.handle(.tripped(.lossNotFinite(metric: "l", text: "nan"), at: Self.now)) }
        #expect(machine.report.alarms.count == AgentMachine.alarmLimit)
        #expect(!machine.isOver)
    }

    @Test(arguments: [TripwireChoice.goOn, .off])
    func `while the loss is no number nothing is committed, not even at the end, unless nobody watches it`(
        choice: TripwireChoice
    ) {
        let held = choice == .goOn
        var machine = Self.training { $0.badLoss = choice }
        _ = machine.handle(.lossIsFinite(false))
        let commit = [AgentMachine.Directive.commit(AgentWorld.candidate(9))]
        var copy = machine
        #expect(copy.handle(.checkpointFound(AgentWorld.candidate(9))) == (held ? [] : commit))
        copy = machine
        _ = copy.handle(.lossIsFinite(true))
        #expect(copy.handle(.checkpointFound(AgentWorld.candidate(9))) == commit)
        _ = machine.handle(.trainerExited(.exited(0)))
        #expect(machine.handle(.finalScanDone(AgentWorld.candidate(9))) == (held ? [.publishModel] : commit))
    }

    private static func publishing(_ choice: TripwireChoice) -> AgentMachine {
        var machine = training { $0.noModel = choice }
        _ = machine.handle(.trainerExited(.exited(0)))
        #expect(machine.handle(.finalScanDone(nil)) == [.publishModel])
        return machine
    }

    @Test func `training that leaves no model is started again, stops the night, or fails as it would without`() {
        var machine = Self.publishing(.restart)
        #expect(machine.handle(.noModel(at: Self.now)) == [.saveReport, .restore])
        #expect(machine.report.alarms.map(\.action) == [.restarted(generation: 4)])
        machine = Self.publishing(.stop)
        _ = machine.handle(.noModel(at: Self.now))
        #expect(machine.report.end == .tripped(.noModel))
        machine = Self.publishing(.off)
        _ = machine.handle(.noModel(at: Self.now))
        #expect(machine.report.end == .trainingFailed(NoModel().description))
        #expect(machine.report.alarms == [])
    }

    @Test func `a machine that goes leaves a missing model to the next one`() {
        var machine = Self.publishing(.restart)
        _ = machine.handle(.noticed(AgentWorld.notice))
        _ = machine.handle(.noModel(at: Self.now))
        #expect(machine.report.end == .interrupted(noticed: true))
        machine = Self.publishing(.restart)
        _ = machine.handle(.stopRequested)
        _ = machine.handle(.noModel(at: Self.now))
        #expect(machine.report.end == .stopped)
    }

    @Test func `nothing to resume stops, or starts from zero and says so once`() {
        let lost = AgentMachine.Event.nothingToResume(expected: 4, why: "gone", at: Self.now)
        var machine = AgentMachine(totalUnits: 20)
        _ = machine.handle(lost)
        #expect(machine.report.end == .checkpointsLost("gone"))
        #expect(machine.report.alarms.map(\.action) == [.stopped(restarts: 0)])
        var settings = TripwireSettings()
        settings.nothingToResume = .goOn
        machine = AgentMachine(totalUnits: 20, tripwires: settings)
        #expect(machine.handle(lost) == [.saveReport, .startFromZero])
        _ = machine.handle(
            .restored(TrainingStart(at: Self.now, generation: nil, units: 0, passedOver: []), nil))
        _ = machine.handle(.trainerExited(.exited(3)))
        #expect(machine.handle(lost) == [.startFromZero])
        #expect(machine.report.alarms.map(\.action) == [.restarted(generation: nil)])
        settings.nothingToResume = .off
        machine = AgentMachine(totalUnits: 20, tripwires: settings)
        _ = machine.handle(lost)
        #expect(machine.report.end == .checkpointsLost("gone") && machine.report.alarms == [])
    }

    @Test func `random stays with random choices break no law`() {
        var ended = 0
        var fired: [Tripwire: Int] = [:]
        for seed in 1...1500 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            func pick<Value>(_ values: [Value]) -> Value { values[Int(random.next() % UInt64(values.count))] }
            var settings = TripwireSettings()
            settings.stalled = pick(TripwireChoice.allCases)
            settings.badLoss = pick(TripwireChoice.allCases)
            settings.diskFilling = pick([.stop, .goOn, .off])
            settings.noModel = pick([.restart, .stop, .off])
            settings.nothingToResume = pick([.stop, .goOn, .off])
            var world = AgentWorld(tripwires: settings)
            for _ in 1...60 where !world.isOver && world.broken.isEmpty { world.tell(pick(world.possible)) }
            #expect(world.broken == [], "seed \(seed): \(settings), after \(world.told.map(AgentMachineTests.word))")
            ended += world.isOver ? 1 : 0
            for alarm in world.machine.report.alarms { fired[alarm.tripwire, default: 0] += 1 }
        }
        #expect(ended > 1000)
        for tripwire in [Tripwire.stalled, .badLoss, .diskFilling, .noModel, .nothingToResume] {
            #expect(fired[tripwire] ?? 0 >= 4, "\(tripwire) fired \(fired[tripwire] ?? 0) times")
        }
    }
}
