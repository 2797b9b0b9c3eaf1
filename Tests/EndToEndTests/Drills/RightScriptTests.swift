// SPDX-License-Identifier: Apache-2.0

import Drills
import Foundation
import ProcessSupervision
import Reports
import Testing
import TrainingJobs

extension EndToEnd {
    /// Scripts that resume rightly pass, whatever they are written in.
    @Suite(.timeLimit(.minutes(5)))
    struct RightScriptTests {
        @Test func `plain NumPy passes to the last bit, and what it costs is measured`() async throws {
            let project = try DrillProject(script: "training")
            let (drill, result) = try await project.drill()
            #expect(result.code == 0, "\(result.output)")
            #expect(drill.passed && drill.provesResume && drill.modelIsRepeatable)
            #expect(drill.compared.map(\.metric) == ["learning rate", "loss"])
            #expect(drill.compared.allSatisfy { $0.source == "exact" && $0.limit == 0 })
            #expect(drill.verdict("kill-at-start")?.resumedFrom == [nil])
            #expect(drill.verdict("kill-twice")?.resumedFrom.count == 2)
            let figures = drill.measurements
            #expect(try #require(figures.restartOverhead).wrappedValue > .milliseconds(20))
            #expect(try #require(figures.checkpointBytes) > 1000)
            #expect(figures.savesOnNotice == true && figures.lastSaveFits == true)
            project.delete()
        }

        @Test func `a script that is never the same twice passes within what two undisturbed runs differ by`()
            async throws
        {
            let project = try DrillProject(script: "never_the_same")
            let (drill, result) = try await project.drill()
            #expect(result.code == 0, "\(result.output)")
            #expect(drill.passed && !drill.modelIsRepeatable)
            let loss = try #require(drill.compared.first { $0.metric == "loss" })
            #expect(loss.source == "measured" && loss.spread > 0 && loss.limit == loss.spread * 3)
            project.delete()
        }

        @Test func `progress in the names of checkpoints is followed too`() async throws {
            let right = try DrillProject(script: "training")
            try right.readProgressFromNames()
            let (passed, result) = try await right.drill("--only", "kill", "--only", "kill-in-save", "--only", "notice")
            #expect(result.code == 0 && passed.passed, "\(result.output)")
            right.delete()
            let wrong = try DrillProject(script: "one_ahead")
            try wrong.readProgressFromNames()
            let (failed, _) = try await wrong.drill("--only", "kill")
            #expect(failed.causes == ["kill": "one-ahead"], "\(failed.verdicts)")
            wrong.delete()
        }

        /// The example as it is shipped; the ratings are fetched by the set-up.
        @Test(.enabled("no ratings: Scripts/setup fetches them") { Example.hasRatings })
        func `the shipped recommender passes`() async throws {
            let directory = try Example.copy()
            var variables = ProcessInfo.processInfo.environment
            variables["NIGHTSHIFT_STATE"] = directory + "/state"
            let run = try await CommandRun.start(
                Binaries.nightshift, ["drill", "--epochs", "3", "--json"], in: directory, variables, umask: "022")
            let result = await run.result()
            #expect(result.code == 0, "\(result.output) \(result.complaints)")
            let drill = try NightJSON.document(DrillDocument.self, from: result.output)
            #expect(drill.passed && drill.modelIsRepeatable && drill.units == 3 && drill.unitsOfJob == 20)
            #expect(drill.compared.map(\.metric) == ["learning rate", "loss", "rmse"])
            try? FileManager.default.removeItem(atPath: directory)
        }

        /// PyTorch is large: `make torch` installs it for this test.
        @Test(.enabled("no PyTorch: `make torch` installs it and runs this test") { Example.hasTorch })
        func `PyTorch with AdamW, a scheduler, dropout and a shuffling loader passes`() async throws {
            let project = try DrillProject(script: "torch_training", epochs: 4)
            let (drill, result) = try await project.drill(parallel: 2)
            #expect(result.code == 0, "\(result.output) \(result.complaints)")
            #expect(drill.passed && drill.modelIsRepeatable)
            project.delete()
        }
    }
}

/// The shipped example and what is installed for it.
enum Example {
    private static let root = Repository.root + "/Examples/recommender"

    static var hasRatings: Bool { FileManager.default.fileExists(atPath: root + "/data/train/ratings.tsv") }

    static var hasTorch: Bool {
        let probe = Process()
        probe.executableURL = URL(filePath: "/usr/bin/env")
        probe.arguments = [
            "python3", "-c", "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)",
        ]
        probe.standardError = FileHandle.nullDevice
        // Without python3 there is no PyTorch either.
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }

    static func copy() throws -> String {
        let directory = NSTemporaryDirectory() + "nightshift-example-\(UUID().uuidString.prefix(8))"
        let files = FileManager.default
        try files.createDirectory(atPath: directory + "/data", withIntermediateDirectories: true)
        for name in ["train.py", "market.json"] {
            try files.copyItem(atPath: root + "/" + name, toPath: directory + "/" + name)
        }
        try files.copyItem(atPath: root + "/job.yaml", toPath: directory + "/nightshift.yaml")
        try files.copyItem(atPath: Repository.checkpointModule, toPath: directory + "/nightshift_checkpoint.py")
        try files.createSymbolicLink(
            atPath: directory + "/data/train", withDestinationPath: root + "/data/train")
        return directory
    }
}
