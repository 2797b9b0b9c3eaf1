// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

@Suite struct AgentMachineTests {
    /// Every order of events that can happen, to a depth; the first broken law of each kind is told with its history.
    @Test func `no order of events breaks a law of the stay`() {
        var seen: Set<String> = []
        var stays = 0
        func go(_ world: AgentWorld, _ depth: Int) {
            for event in world.possible {
                var next = world
                next.tell(event)
                for law in next.broken where seen.insert(law).inserted {
                    Issue.record("\(law), after \(next.told.map(Self.word))")
                }
                stays += 1
                if next.isOver {
                    for late in world.possible where !next.machineAnswersNothing(to: late) {
                        Issue.record("answered \(Self.word(late)) after the end")
                    }
                } else if depth > 1, next.broken.isEmpty {
                    go(next, depth - 1)
                }
            }
        }
        go(AgentWorld(), 7)
        #expect(stays > 40_000)
    }

    /// Also events that should not come are no reason to break the laws of safety.
    @Test func `stray events do no harm`() {
        let strays: [AgentMachine.Event] = [
            .finalScanDone(AgentWorld.candidate(9)),
            .committed(CommittedGeneration(generation: 1, units: 0, bytes: 0, at: .init(milliseconds: 0))),
            .notCommitted, .pruned, .graceOver, .trainerExited(.exited(0)), .checkpointFound(AgentWorld.candidate(9)),
            .published(ModelArtifact(at: .init(milliseconds: 0), digest: "", bytes: 0, path: "")), .progressTold,
            .restored(TrainingStart(at: .init(milliseconds: 0), generation: nil, units: 0, passedOver: []), nil),
        ]
        func go(_ machine: AgentMachine, _ world: AgentWorld, _ depth: Int) {
            for stray in strays where !world.possible.map(Self.word).contains(Self.word(stray)) {
                var copy = machine
                let answer = copy.handle(stray)
                #expect(answer.isEmpty, "\(Self.word(stray)) after \(world.told.map(Self.word)) got \(answer)")
            }
            guard depth > 0 else { return }
            for event in world.possible {
                var next = world
                next.tell(event)
                if !next.isOver { go(next.machine, next, depth - 1) }
            }
        }
        go(AgentMachine(totalUnits: 20), AgentWorld(), 3)
    }

    @Test func `a checkpoint of the restored step is no news, an older one neither`() {
        var machine = AgentMachine(totalUnits: 20)
        let start = TrainingStart(at: .init(milliseconds: 0), generation: 4, units: 8, passedOver: [])
        _ = machine.handle(.restored(start, AgentWorld.candidate(8)))
        #expect(machine.handle(.checkpointFound(AgentWorld.candidate(8))) == [])
        #expect(machine.handle(.checkpointFound(AgentWorld.candidate(7))) == [])
        #expect(machine.handle(.checkpointFound(AgentWorld.candidate(9))) == [.commit(AgentWorld.candidate(9))])
    }

    @Test func `files that merely settled are not committed again after they were restored`() {
        var machine = AgentMachine(totalUnits: 20)
        let start = TrainingStart(at: .init(milliseconds: 0), generation: 4, units: 8, passedOver: [])
        let files = CheckpointCandidate.settled([.init(path: "w", bytes: 1, modifiedNanoseconds: 5, sha256: nil)])
        _ = machine.handle(.restored(start, files))
        #expect(machine.handle(.checkpointFound(files)) == [])
    }

    @Test func `a generation that existed already is no headway`() {
        var machine = AgentMachine(totalUnits: 20)
        let start = TrainingStart(at: .init(milliseconds: 0), generation: 4, units: 8, passedOver: [])
        for failure in 1...3 {
            _ = machine.handle(.restored(start, nil))
            _ = machine.handle(.checkpointFound(AgentWorld.candidate(8)))
            _ = machine.handle(
                .committed(CommittedGeneration(generation: 4, units: 8, bytes: 1, at: .init(milliseconds: 0))))
            _ = machine.handle(.pruned)
            _ = machine.handle(.trainerExited(.exited(3)))
            #expect(machine.isOver == (failure == 3))
        }
        #expect(machine.report.end == .trainingFailed("exit code 3, 3 times without headway between"))
        #expect(machine.report.commits == [])
    }

    @Test func `a script that saves as it falls over makes generations, but no headway`() {
        var machine = AgentMachine(totalUnits: 20)
        for failure in 1...4 where !machine.isOver {
            let start = TrainingStart(at: .init(milliseconds: 0), generation: 3 + failure, units: 8, passedOver: [])
            _ = machine.handle(.restored(start, nil))
            _ = machine.handle(.checkpointFound(AgentWorld.candidate(8 + failure)))
            let made = CommittedGeneration(generation: 4 + failure, units: 8, bytes: 1, at: .init(milliseconds: 0))
            _ = machine.handle(.committed(made))
            _ = machine.handle(.pruned)
            _ = machine.handle(.trainerExited(.exited(1)))
            #expect(machine.isOver == (failure == 3))
        }
        #expect(machine.report.end == .trainingFailed("exit code 1, 3 times without headway between"))
    }

    @Test func `work that a restart in place lost is told with the stay`() {
        var machine = AgentMachine(totalUnits: 20)
        _ = machine.handle(
            .restored(TrainingStart(at: .init(milliseconds: 0), generation: nil, units: 0, passedOver: []), nil))
        _ = machine.handle(.trainerExited(.killed(signal: 9)))
        _ = machine.handle(
            .restored(
                TrainingStart(at: .init(milliseconds: 1), generation: 1, units: 1, passedOver: ["record 3: torn"]), nil)
        )
        #expect(machine.report.training?.passedOver == ["record 3: torn"])
        #expect(machine.report.trainerFailures == ["killed by signal 9 (Killed)"])
    }

    @Test func `a last checkpoint that cannot be committed has three tries, then the model is published without it`() {
        var machine = AgentMachine(totalUnits: 20)
        let done = ExitStatus.exited(0)
        _ = machine.handle(
            .restored(TrainingStart(at: .init(milliseconds: 0), generation: nil, units: 0, passedOver: []), nil))
        #expect(machine.handle(.trainerExited(done)) == [.finalScan(done)])
        for _ in 1...AgentMachine.finalCommitLimit {
            #expect(machine.handle(.finalScanDone(AgentWorld.candidate(9))) == [.commit(AgentWorld.candidate(9))])
            #expect(machine.handle(.notCommitted) == [.finalScan(done)])
        }
        #expect(machine.handle(.finalScanDone(AgentWorld.candidate(9))) == [.publishModel])
    }

    @Test func `an end that nobody saw is a failure`() {
        #expect(!ExitStatus.unknown.isSuccess)
        #expect(!ExitStatus.unknown.saysItSaved)
    }

    @Test func `progress told by checkpoint names reaches the report`() {
        var machine = AgentMachine(totalUnits: 20)
        _ = machine.handle(
            .restored(TrainingStart(at: .init(milliseconds: 0), generation: nil, units: 0, passedOver: []), nil))
        _ = machine.handle(.checkpointFound(AgentWorld.candidate(3)))
        _ = machine.handle(
            .committed(CommittedGeneration(generation: 1, units: 3, bytes: 1, at: .init(milliseconds: 7))))
        #expect(machine.report.progress == ProgressPoint(at: .init(milliseconds: 7), units: 3))
        #expect(machine.report.firstProgress == machine.report.progress)
    }

    static func word(_ event: AgentMachine.Event) -> String {
        let text = String(describing: event)
        return String(text.prefix { $0 != "(" })
            + (text.contains("exited(0)") ? " 0" : text.contains("nil)") ? " nil" : "")
    }
}

extension AgentWorld {
    func machineAnswersNothing(to event: AgentMachine.Event) -> Bool {
        var copy = machine
        return copy.handle(event).isEmpty
    }
}
