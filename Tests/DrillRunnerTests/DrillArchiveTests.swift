// SPDX-License-Identifier: Apache-2.0

import Drills
import Foundation
import Reports
import ScriptedDrills
import Testing
import TrainingAgent
import TrainingJobs

@testable import DrillRunner

@Suite struct DrillArchiveTests {
    private let directory: TemporaryDirectory
    private let archive: DrillArchive

    init() throws {
        directory = try TemporaryDirectory()
        archive = DrillArchive(directory: directory("drills/recommender"))
    }

    private func keep(_ id: String, job: String = "recommender") throws {
        try directory.makeDirectory("drills/recommender/\(id)")
        let report = ScriptedDrill.report([ScriptedTraining.killed()], id: id, job: job)
        try archive.save(NightJSON.line(report), as: DrillArchive.reportName, of: id)
    }

    @Test("before the first drill there is none")
    func none() throws {
        #expect(try archive.deciding() == nil)
    }

    @Test("the newest finished drill counts, whatever order they were kept in")
    func newest() throws {
        for id in ["2026-11-24T10.45.12Z", "2026-11-25T01.00.00Z", "2026-11-24T23.59.59Z"] { try keep(id) }
        #expect(try archive.deciding()?.id == "2026-11-25T01.00.00Z")
    }

    @Test("a drill without a report was never finished")
    func unfinished() throws {
        try keep("2026-11-24T10.45.12Z")
        try directory.makeDirectory("drills/recommender/2026-11-25T01.00.00Z")
        try directory.write("x", to: "drills/recommender/2026-11-25T01.00.00Z/trajectories.csv")
        try directory.write("{}", to: "drills/recommender/.scratch/drill.json")
        #expect(try archive.deciding()?.id == "2026-11-24T10.45.12Z")
    }

    @Test("a newest report that cannot be read is an error, not the one before it")
    func unreadable() throws {
        try keep("2026-11-24T10.45.12Z")
        try directory.write("{\"schemaVersion\":1}", to: "drills/recommender/2026-11-25T01.00.00Z/drill.json")
        #expect(throws: DecodingError.self) { try archive.deciding() }
    }

    @Test("a report of values that are no numbers can be read again")
    func notNumbers() throws {
        let report = ScriptedDrill.report([ScriptedTraining.killed { _ in [(5, .nan), (6, .infinity)] }])
        try directory.makeDirectory("drills/recommender/\(report.id)")
        try archive.save(NightJSON.line(report), as: DrillArchive.reportName, of: report.id)
        #expect(try archive.deciding()?.verdicts[0].findings.isEmpty == false)
    }

    @Test("drills of one second get names of their own, in order")
    func ids() throws {
        let at = try #require(Instant(iso8601: "2026-11-24T10:45:12Z")) + .milliseconds(734)
        var made: [String] = []
        for _ in 0..<3 {
            let id = archive.newID(at: at)
            made.append(id)
            try keep(id)
            #expect(try archive.deciding()?.id == id)
        }
        #expect(made == ["2026-11-24T10.45.12Z", "2026-11-24T10.45.12Z-2", "2026-11-24T10.45.12Z-3"])
        try keep(archive.newID(at: at + .seconds(1)))
        #expect(try archive.deciding()?.id == "2026-11-24T10.45.13Z")
    }

    @Test("what a drill that was killed has left in the scratch directory is cleared")
    func scratch() throws {
        try directory.write("left", to: "drills/recommender/.scratch/control-1/stay-1/disk/file")
        let scratch = try archive.takeScratch()
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        scratch.release()
        #expect(!FileManager.default.fileExists(atPath: scratch.path))
    }

    @Test("a second drill of a job is refused while one is under way, and may begin after it")
    func busy() throws {
        let first = try archive.takeScratch()
        try directory.write("mine", to: "drills/recommender/.scratch/mine")
        #expect(throws: DrillError.self) { try archive.takeScratch() }
        #expect(FileManager.default.fileExists(atPath: first.path + "/mine"))
        let other = try DrillArchive(directory: directory("drills/other")).takeScratch()
        other.release()
        first.release()
        try archive.takeScratch().release()
        #expect(
            DrillError.busy(directory: "/d").description == "another drill of this job is under way in /d")
    }

    @Test("each stay's log is kept; of a course that was gone through twice, the second try's")
    func logs() throws {
        let report = ScriptedDrill.report([ScriptedTraining.killed()])
        let scratch = try archive.takeScratch()
        defer { scratch.release() }
        let below = "drills/recommender/.scratch"
        for path in [
            "control-1/stay-1", "control-2/stay-1", "kill/stay-1", "kill/again/stay-1", "kill/again/stay-3",
        ] {
            try directory.write(path, to: "\(below)/\(path)/\(AgentOrder.logName)")
        }
        try directory.makeDirectory("\(below)/kill/again/stay-2")
        try archive.keepLogs(of: report, from: scratch.path)
        let logs = archive.path(of: report.id) + "/logs"
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: logs).sorted() == [
                "control-1-stay-1.jsonl", "control-2-stay-1.jsonl", "kill-stay-1.jsonl", "kill-stay-3.jsonl",
            ])
        #expect(try String(contentsOfFile: logs + "/kill-stay-1.jsonl", encoding: .utf8) == "kill/again/stay-1")
    }
}
