// SPDX-License-Identifier: Apache-2.0

import Digests
import CheckpointStore
import Digests
import Foundation
import Testing
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

/// The real agent with a real training script that writes markers.
@Suite(.tags(.realProcesses), .timeLimit(.minutes(3)))
struct StayTests {
    @Test func `a night without trouble publishes the model and says so`() async throws {
        let scratch = try Scratch()
        try scratch.write("{}", to: "stay-1/disk/interruption-notice.json")  // of an earlier attempt
        let stay = try await AgentStay.begin(in: scratch, script: Scripts.marked)
        try stay.open(to: 20)
        let report = try await stay.end()
        #expect(report.end == .completed)
        #expect(stay.said("start") == ["0 None False"])
        #expect(report.progress?.units == 20)
        #expect(report.commits.last?.units == 20)
        let model = try #require(report.model)
        #expect(model.path == scratch.path + "/models/recommender-2026-11-24/model")
        let trace = try #require(scratch.text("models/recommender-2026-11-24/model/model.json"))
        #expect(trace == "[" + (1...20).map(String.init).joined(separator: ", ") + "]")
        #expect(scratch.exists("models/recommender-2026-11-24/model/.hidden"))
        #expect(stay.log.contains("epoch=20 loss=0.050000"))
        #expect(scratch.text("stay-1/metrics.jsonl")?.contains(#""name":"loss","value":0.05"#) == true)
    }

    @Test func `a layout that cannot be made ends the stay with its reason`() async throws {
        let scratch = try Scratch()
        // A file where the machine's disk should be.
        try scratch.write("", to: "stay-1/disk")
        let stay = try await AgentStay.begin(in: scratch, script: Scripts.marked)
        guard case .trainingFailed(let why)? = try await stay.end().end else {
            Issue.record("\(String(describing: stay.log))")
            return
        }
        #expect(why.hasPrefix("the training could not be prepared: "), "\(why)")
    }

    @Test func `a training process that is killed goes on from the newest generation`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked)
        try stay.open(to: 3)
        try await stay.waitForCommit(atStep: 3)
        kill(try #require(stay.trainerPid), SIGKILL)
        try await eventually("the second start") { stay.said("start").count == 2 }
        try stay.open(to: 20)
        let report = try await stay.end()
        #expect(report.end == .completed)
        #expect(report.trainerFailures == ["killed by signal 9 (Killed)"])
        #expect(stay.said("start") == ["0 None False", "3 3 False"])
    }

    @Test func `after a notice the last checkpoint is committed and the stay ends as interrupted`() async throws {
        let metadata = try FakeMetadata()
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked, metadata: metadata.endpoint)
        try stay.open(to: 3)
        try await stay.waitForCommit(atStep: 3)
        let soon = Instant(milliseconds: SystemClock.now().milliseconds + 86_400_000).iso8601
        metadata.answer(action: #"{"action":"terminate","time":"\#(soon)"}"#)
        let report = try await stay.end()
        #expect(report.end == .interrupted(noticed: true))
        #expect(report.notice?.interruptionAt.iso8601 == soon)
        #expect(stay.said("stopped") == ["4 True"])
        #expect(report.commits.last?.units == 4)
        #expect(report.model == nil)
        let newest = try await stay.generations().first
        #expect(newest?.label == "checkpoint-00000004")
    }

    @Test func `a stop saves what there is`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked)
        try stay.open(to: 2)
        try await stay.waitForCommit(atStep: 2)
        kill(stay.process.pid, SIGTERM)
        let report = try await stay.end()
        #expect(report.end == .stopped)
        #expect(report.notice == nil)
        #expect(stay.said("stopped") == ["3 True"])
        #expect(report.commits.last?.units == 3)
    }

    @Test func `a script that does not hear a stop is killed after the grace`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked, behaviour: "deaf")
        try stay.open(to: 1)
        try await stay.waitForCommit(atStep: 1)
        kill(stay.process.pid, SIGTERM)
        #expect(try await stay.end().end == .stopped)
        #expect(stay.processes == [])
    }

    @Test func `the end of the lease ends everything, orphans in sessions of their own too`() async throws {
        let stay = try await AgentStay.begin(
            in: try Scratch(), script: Scripts.marked, behaviour: "family", lease: .seconds(360 * 16))
        try await eventually("the whole family") { stay.processes.count >= 5 }
        #expect(try await stay.end().end == .leaseExpired)
        #expect(stay.processes == [])
    }

    @Test func `success without a model trips the wire for it`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked, behaviour: "no-model")
        try stay.open(to: 20)
        let report = try await stay.end()
        #expect(report.end == .tripped(.noModel))
        #expect(report.alarms.last?.action == .stopped(restarts: 0))
    }

    @Test func `a script that fails three times is not started a fourth time`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked, behaviour: "crash")
        let report = try await stay.end()
        #expect(report.end == .trainingFailed("exit code 3, 3 times without headway between"))
        #expect(stay.said("start").count == 3)
    }

    @Test func `where a generation was expected nothing starts from zero`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked, expected: 2)
        let sentence = "generation 2 was committed, but nothing was found to resume from"
        #expect(try await stay.end().end == .checkpointsLost(sentence))
        #expect(stay.said("start") == [])
    }

    @Test func `a torn newest generation is passed over, and that is told`() async throws {
        let scratch = try Scratch()
        let first = try await AgentStay.begin(in: scratch, script: Scripts.marked)
        for step in 1...3 {
            try first.open(to: step)
            try await first.waitForCommit(atStep: Double(step))
        }
        kill(first.process.pid, SIGKILL)
        _ = await first.process.exitStatus()
        let generations = try await first.generations()
        let newest = try #require(generations.first { $0.label == "checkpoint-00000003" })
        let piece = try #require(newest.files.first { $0.path.text.hasSuffix("state.json") }?.pieces.first).hex
        try scratch.write("rot", to: "store/recommender-2026-11-24/pieces/1/\(piece.prefix(2))/\(piece)")
        let second = try await AgentStay.begin(in: scratch, epoch: 2, script: Scripts.marked, expected: newest.number)
        try second.open(to: 20)
        let report = try await second.end()
        #expect(report.end == .completed)
        #expect(report.training?.units == 2)
        #expect(report.training?.passedOver.count == 1)
        #expect(second.said("start").last == "2 2 False")
    }

    @Test func `a stay that was superseded commits and publishes nothing more`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked)
        try stay.open(to: 3)
        try await stay.waitForCommit(atStep: 3)
        _ = try await stay.lineage().claim(epoch: 9, at: 0)
        let before = try await stay.generations().map(\.sequence)
        try stay.open(to: 20)
        let report = try await stay.end()
        #expect(report.end == .fenced)
        #expect(report.model == nil)
        #expect(try await stay.generations().map(\.sequence) == before)
        #expect(!stay.scratch.exists("models/recommender-2026-11-24/model"))
        #expect(stay.processes == [])
    }

    @Test func `an agent that is killed takes the training with it and leaves a readable report`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked)
        try stay.open(to: 3)
        try await stay.waitForCommit(atStep: 3)
        let trainer = try #require(stay.trainerPid.flatMap { ProcessIdentity(pid: $0) })
        kill(stay.process.pid, SIGKILL)
        _ = await stay.process.exitStatus()
        try await eventually("the end of the training process") { !trainer.isAlive }
        let report = try stay.report
        #expect(report.end == nil)
        #expect(report.commits.last?.units == 3)
    }

    @Test func `a checkpoint that is not what its marker says does not keep the night from its end`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked, behaviour: "liar", steps: 2)
        try stay.open(to: 1)
        try await stay.waitForCommit(atStep: 1)
        try stay.open(to: 20)
        let report = try await stay.end()
        #expect(report.end == .completed)
        for generation in try await stay.generations() { #expect(generation.files.count == 3) }
    }

    @Test func `a damaged checkpoint is passed over for the next older whole one`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked, behaviour: "two at once")
        try await eventually("a commit") { try !stay.report.commits.isEmpty }
        #expect(try await stay.generations().map(\.label) == ["checkpoint-00000001"])
        let sentence = "checkpoint-00000002/weights does not have the SHA-256 that was promised; nothing was committed"
        #expect(
            stay.log.filter { $0 == "the checkpoint checkpoint-00000002 was not committed: \(sentence)" }.count == 1)
        kill(stay.process.pid, SIGTERM)
        #expect(try await stay.end().end == .stopped)
    }

    @Test func `workers of a training process that failed are gone before it is started again`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.marked, behaviour: "family")
        try await eventually("the whole family") { stay.processes.count >= 5 }
        kill(try #require(stay.trainerPid), SIGKILL)
        try await eventually("the second start") { stay.said("pid").count == 2 }
        #expect(stay.processes.sorted() == [stay.process.pid, try #require(stay.trainerPid)].sorted())
        #expect(stay.said("child").compactMap { Int32($0) }.allSatisfy { ProcessTable.stat(of: $0) == nil })
        kill(stay.process.pid, SIGTERM)
        _ = try await stay.end()
    }

    @Test func `an order of another version is refused`() throws {
        let error = #expect(throws: UnknownOrder.self) { try AgentOrder.read(Data(#"{"version":2}"#.utf8)) }
        #expect(
            error?.description == "the order is of version 2, and this agent knows version 1: "
                + "use the agent that belongs to the nightshift that wrote it")
    }

    @Test func `a report that cannot be written for a while is written later`() async throws {
        let scratch = try Scratch()
        try scratch.write("", to: "stay-1/report.json/in-the-way")
        let stay = try await AgentStay.begin(in: scratch, script: Scripts.marked)
        try stay.open(to: 2)
        try await eventually("the complaint") { stay.log.contains { $0.hasPrefix("the report cannot be written") } }
        while try await stay.generations().first?.label != "checkpoint-00000002" { await Task.yield() }
        try FileManager.default.removeItem(atPath: scratch.path + "/stay-1/report.json")
        try await stay.waitForCommit(atStep: 2)
        try stay.open(to: 20)
        #expect(try await stay.end().end == .completed)
    }

    @Test func `progress in checkpoint names is told`() async throws {
        let stay = try await AgentStay.begin(
            in: try Scratch(), script: Scripts.marked,
            progress: .checkpointName(regex: "checkpoint-0*([0-9]+)", total: 20))
        try stay.open(to: 20)
        let report = try await stay.end()
        #expect(report.end == .completed)
        #expect(report.progress?.units == 20)
    }
}
