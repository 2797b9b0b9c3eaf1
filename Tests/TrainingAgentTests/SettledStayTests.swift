// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import Testing
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

/// The real agent with real scripts that know nothing of markers.
@Suite(.tags(.realProcesses), .timeLimit(.minutes(3)))
struct SettledStayTests {
    @Test func `a script without markers is resumed from what had settled`() async throws {
        let scratch = try Scratch()
        let first = try await AgentStay.begin(in: scratch, script: Scripts.settled)
        try first.open(to: 3)
        try await first.waitForCommit(atStep: 3)
        kill(first.process.pid, SIGKILL)
        _ = await first.process.exitStatus()
        #expect(first.log.filter { $0 == "\"link\" is not a regular file and no part of a checkpoint" }.count == 1)
        #expect(first.log.filter { $0 == "\"pipe\" is not a regular file and no part of a checkpoint" }.count == 1)
        let second = try await AgentStay.begin(in: scratch, epoch: 2, script: Scripts.settled, expected: 1)
        try second.open(to: 20)
        let report = try await second.end()
        #expect(report.end == .completed)
        #expect(second.said("start") == ["0 None False", "3 3 False"])
        for generation in try await second.generations() {
            #expect(generation.files.map(\.path.text) == ["state.json"])
        }
    }

    @Test func `what a script saves on the notice is committed if it exits with 75`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.settled, behaviour: "polite")
        try stay.open(to: 2)
        try await stay.waitForCommit(atStep: 2)
        try stay.open(to: 3)
        try await eventually("step 3") { try stay.report.progress?.units == 3 }
        kill(stay.process.pid, SIGTERM)
        let report = try await stay.end()
        #expect(report.end == .stopped)
        #expect(stay.said("stopped") == ["3 True"])
        #expect(report.commits.last?.units == 3)
    }

    @Test func `files that are written all the time are never committed, not even after a kill`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.restless)
        try await eventually("many writes") { !stay.said("busy").isEmpty }
        kill(stay.process.pid, SIGTERM)
        let report = try await stay.end()
        #expect(report.end == .stopped)
        #expect(report.commits == [])
        #expect(try await stay.generations().isEmpty)
    }

    @Test func `restored files are no headway, so a script that fails on them ends the stay`() async throws {
        let stay = try await AgentStay.begin(in: try Scratch(), script: Scripts.settled, behaviour: "crash", steps: 2)
        try stay.open(to: 1)
        try await stay.waitForCommit(atStep: 1)
        try stay.open(to: 100)
        let report = try await stay.end()
        #expect(report.end == .trainingFailed("exit code 3, 3 times without headway between"))
    }
}
