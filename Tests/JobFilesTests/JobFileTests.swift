// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import JobFiles

@Suite struct JobFileTests {
    @Test func `every key arrives in the job`() throws {
        let file = try JobFile.parse(text: Samples.whole, path: "/jobs/nightshift.yaml")
        #expect(file.warnings.isEmpty)
        let job = file.job
        #expect(job.name == "recommender")
        #expect(job.entryPoint == "train.py")
        #expect(job.sourceDirectory == "/jobs/src")
        #expect(job.interpreter == ["python3"])
        #expect(job.hyperparameters.map(\.name) == ["epochs", "learning-rate"])
        #expect(job.hyperparameters.map(\.json) == ["20", "0.05"])
        #expect(job.environment == ["OMP_NUM_THREADS": "1"])
        #expect(job.inputChannels == [InputChannel(name: "train", path: "/jobs/data/train")])
        #expect(
            job.checkpoint
                == CheckpointSettings(
                    localPath: "/opt/ml/checkpoints", uri: "/jobs/.nightshift/checkpoints", interval: .minutes(12),
                    expectedBytes: 2_000_000, keep: 3))
        #expect(job.outputPath == "/jobs/models")
        #expect(
            job.schedule == NightSchedule(startMinutes: 0, deadlineMinutes: 480, timeZone: "Europe/Dublin"))
        #expect(job.expectedRuntime == .hours(4))
        #expect(job.maxRun == .hours(6))
        #expect(job.maxWait == .hours(9))
        #expect(job.budgetPerNight == Money(microdollars: 120_000_000))
        #expect(job.metricDefinitions == [MetricDefinition(name: "epoch", regex: "epoch=([0-9.]+)")])
        #expect(job.progress == .metric(name: "epoch", total: 20))
        #expect(job.restartOverhead == .minutes(10))
        #expect(job.onDemandWait == .minutes(20))
        #expect(job.uploadTime == .minutes(4))
        #expect(job.safetyMargin == .minutes(15))
        #expect(job.failureCost == .zero)
        #expect(job.policy == .greedy)
        #expect(job.market == "/jobs/market.json")
    }

    @Test func `what is watched for arrives in the job, and what is not written is watched by default`() throws {
        func settings(_ tripwires: String) throws -> TripwireSettings {
            try JobFile.parse(text: Samples.whole("policy", "policy: greedy\n\(tripwires)"), path: "/j/n.yaml").job
                .tripwires
        }
        #expect(try settings("") == TripwireSettings())
        #expect(
            try settings("tripwires: {\(Tripwire.allCases.map { "\($0.rawValue): {}" }.joined(separator: ", "))}")
                == TripwireSettings(), "the table's defaults are the settings' own")
        let written = try settings(
            """
            tripwires:
              stalled: {after: 30 min, then: stop}
              noCheckpoint: {intervals: 5, then: restart}
              badLoss: {metric: epoch, explodesAt: 2.5, then: goOn}
              lossJump: {above: 12.5 %, then: stop}
              startedOver: {then: goOn}
              diskFilling: {below: 5 GB, then: stop}
              noModel: {then: restart}
              nothingToResume: {then: goOn}
            """)
        var expected = TripwireSettings()
        (expected.stalled, expected.stalledAfter) = (.stop, JSONSeconds(wrappedValue: .minutes(30)))
        (expected.noCheckpoint, expected.checkpointIntervals) = (.restart, 5)
        (expected.badLoss, expected.lossMetric, expected.explodesAt) = (.goOn, "epoch", 2.5)
        (expected.lossJump, expected.lossJumpAbove) = (.stop, 12.5)
        expected.startedOver = .goOn
        (expected.diskFilling, expected.diskBelowBytes) = (.stop, 5_000_000_000)
        (expected.noModel, expected.nothingToResume) = (.restart, .goOn)
        #expect(written == expected)
    }

    @Test func `an entry of offers stands for the product of its lists, types outermost`() throws {
        let text = Samples.whole("    instanceTypes", "    instanceTypes: [x, y]")
        let offers = try JobFile.parse(text: text, path: "j.yaml").job.offers
        #expect(
            offers.map(\.name) == [
                "x eu-west-1a spot", "x eu-west-1a on-demand", "x eu-west-1b spot", "x eu-west-1b on-demand",
                "y eu-west-1a spot", "y eu-west-1a on-demand", "y eu-west-1b spot", "y eu-west-1b on-demand",
            ])
        #expect(offers.allSatisfy { $0.backend == "local" && $0.region == "eu-west-1" })
    }

    @Test func `keys that may be left out have the table's values`() throws {
        let job = try JobFile.parse(text: Samples.least, path: "/a/b/j.yaml").job
        #expect(job.sourceDirectory == "/a/b")
        #expect(job.interpreter == ["python3"])
        #expect(job.checkpoint.localPath == "/opt/ml/checkpoints")
        #expect(job.checkpoint.uri == "/a/b/.nightshift/checkpoints")
        #expect(job.checkpoint.keep == 3)
        #expect(job.checkpoint.expectedBytes == nil)
        #expect(job.outputPath == "/a/b/models")
        #expect(job.budgetPerNight == nil && job.failureCost == nil)
        #expect(job.hyperparameters.isEmpty && job.environment.isEmpty && job.inputChannels.isEmpty)
        #expect(job.progress == .checkpointName(regex: #"checkpoint-(\d+)"#, total: 4000))
        #expect(job.schedule.startMinutes == 1320)
    }

    @Test func `paths are made absolute from the file's directory`() throws {
        func path(_ written: String, file: String = "/jobs/a/n.yaml") throws -> String {
            try JobFile.parse(text: Samples.whole("outputPath", "outputPath: \(written)"), path: file).job.outputPath
        }
        #expect(try path("../out") == "/jobs/out")
        #expect(try path("out/") == "/jobs/a/out")
        #expect(try path("/data/./x/../y") == "/data/y")
        #expect(try path("file:///data/a%20b") == "/data/a b")
        #expect(try path("\"with space\"") == "/jobs/a/with space")
        #expect(try path("out", file: "n.yaml") == FileManager.default.currentDirectoryPath + "/out")
    }

    @Test func `an interpreter with a slash is a path, one without is looked for`() throws {
        func words(_ written: String) throws -> [String] {
            try JobFile.parse(text: Samples.whole("interpreter", "interpreter: \(written)"), path: "/j/n.yaml").job
                .interpreter
        }
        #expect(try words(".venv/bin/python") == ["/j/.venv/bin/python"])
        #expect(try words("[/usr/bin/env, python3, -u]") == ["/usr/bin/env", "python3", "-u"])
        #expect(try words("python3") == ["python3"])
    }

    @Test func `SageMaker's spelling of a metric is read too`() throws {
        let text = Samples.whole("  - {name: epoch", "  - {Name: epoch, Regex: 'epoch=([0-9.]+)'}")
        let job = try JobFile.parse(text: text, path: "j.yaml").job
        #expect(job.metricDefinitions == [MetricDefinition(name: "epoch", regex: "epoch=([0-9.]+)")])
    }

    @Test func `an anchor may be used again`() throws {
        let text = Samples.whole("maxRun", "maxRun: &long 6 h").replacing("maxWait: 9 h", with: "maxWait: *long")
        #expect(Samples.problems(text).map(\.severity) == [.warning])
    }

    @Test func `places lead back to the file`() throws {
        let places = try JobFile.parse(text: Samples.whole, path: "j.yaml").places
        #expect(places["schedule.deadline"] == JobPlace(line: 16, column: 3))
        #expect(places["offers[0].zones[1]"] == JobPlace(line: 35, column: 25))
        #expect(places["inputs.train"] == JobPlace(line: 7, column: 10))
        #expect(places["offers[0].nothing"] == JobPlace(line: 32, column: 5))
        #expect(places["nothing"] == JobPlace(line: 1, column: 1))
        #expect(places.contains("checkpointSize") && !places.contains("checkpointNothing"))
    }

    @Test func `reading a file says what is wrong with the file`() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func problem(_ name: String, _ data: Data?) -> String {
            let path = directory.appending(path: name).path
            if let data { #expect(FileManager.default.createFile(atPath: path, contents: data)) }
            do throws(JobFileError) {
                _ = try JobFile.read(path: path)
                return "read"
            } catch {
                return error.problems.map(\.description).joined().replacing(directory.path + "/", with: "")
            }
        }
        #expect(problem("good.yaml", Data(Samples.whole.utf8)) == "read")
        #expect(
            problem("none.yaml", nil)
                == "none.yaml:1:1: there is no such file; name another file, or write one with `nightshift init`")
        #expect(
            problem("", nil) == directory.path
                + "/:1:1: this is a directory; name another file, or write one with `nightshift init`"
                || problem("", nil).hasSuffix(
                    ":1:1: this is a directory; name another file, or write one with `nightshift init`")
        )
        #expect(
            problem("latin.yaml", Data([0x6E, 0xE9])) == "latin.yaml:1:1: the file is not UTF-8 text; save it as UTF-8")
        #expect(
            problem("large.yaml", Data(count: 300_000))
                == "large.yaml:1:1: the file has 262145 bytes, more than the 262144 that are read; "
                + "keep data and long texts in files of their own")
    }
}
