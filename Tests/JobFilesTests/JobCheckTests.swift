// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import JobFiles

/// Every sentence of a check, as it is printed, on real directories with single answers replaced.
@Suite struct JobCheckTests {
    static let script = """
        import argparse, os
        checkpoints = os.environ.get("SM_CHECKPOINT_DIR", "/opt/ml/checkpoints")
        model = os.environ["SM_MODEL_DIR"]
        """

    /// A job's directory in which nothing is wrong.
    private final class Place {
        let root: URL
        var surroundings: Surroundings

        init(script: String? = JobCheckTests.script, data: Bool = true) throws {
            root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            let files = FileManager.default
            try files.createDirectory(at: root.appending(path: "src"), withIntermediateDirectories: true)
            try files.createDirectory(at: root.appending(path: "data/train"), withIntermediateDirectories: true)
            if data { try Data("1".utf8).write(to: root.appending(path: "data/train/rows")) }
            if let script { try Data(script.utf8).write(to: root.appending(path: "src/train.py")) }
            try Data("{}".utf8).write(to: root.appending(path: "market.json"))
            try files.createDirectory(at: root.appending(path: "bin"), withIntermediateDirectories: true)
            let program = root.appending(path: "bin/python3").path
            _ = files.createFile(atPath: program, contents: Data(), attributes: [.posixPermissions: 0o755])
            surroundings = Surroundings.thisMachine(
                now: try #require(Instant(iso8601: "2026-11-24T18:00:00Z")), environment: ["PATH": "\(root.path)/bin"])
            surroundings.fileSystem = { _ in "ext4" }
        }

        deinit { try? FileManager.default.removeItem(at: root) }

        func findings(_ key: String = "name", _ line: String = "name: recommender") throws -> [String] {
            let text = Samples.whole(key, line)
            let file = try JobFile.parse(text: text, path: root.appending(path: "n.yaml").path)
            return JobCheck.findings(file, in: surroundings).map {
                $0.description.replacing(root.path + "/", with: "").replacing(root.path, with: ".")
            }
        }
    }

    @Test func `nothing is said about a job that is ready`() throws {
        #expect(try Place().findings().isEmpty)
    }

    @Test func `directories and scripts that are missing`() throws {
        let place = try Place(script: nil, data: false)
        #expect(
            try place.findings() == [
                "n.yaml:2:1: entryPoint: there is no script \"src/train.py\"; correct entryPoint or sourceDir",
                "n.yaml:7:10: inputs.train: the channel train is empty: there is nothing in \"data/train\"; "
                    + "fetch the data first",
            ])
        #expect(
            try place.findings("sourceDir", "sourceDir: nowhere").first
                == "n.yaml:3:1: sourceDir: the directory \"nowhere\" does not exist; create it or correct the path")
        #expect(
            try place.findings("sourceDir", "sourceDir: market.json").first
                == "n.yaml:3:1: sourceDir: \"market.json\" is not a directory; name a directory")
        #expect(
            try place.findings("inputs", "inputs: {train: none}").last
                == "n.yaml:7:10: inputs.train: the directory \"none\" does not exist; create it or correct the path")
        #expect(
            try place.findings("market", "market: none.json").last
                == "n.yaml:37:1: market: there is no file \"none.json\"; correct the path; "
                + "docs/market-file.md describes the file")
    }

    @Test func `programs that can't be run`() throws {
        let place = try Place()
        #expect(
            try place.findings("interpreter", "interpreter: python9") == [
                "n.yaml:4:1: interpreter: the program \"python9\" is not found; install it, or name it by its full path"
            ])
        #expect(
            try place.findings("interpreter", "interpreter: ./none") == [
                "n.yaml:4:1: interpreter: the program \"none\" is not found; install it, or name it by its full path"
            ])
        #expect(
            try place.findings("interpreter", "interpreter: ./market.json") == [
                "n.yaml:4:1: interpreter: \"market.json\" is not a program that this user may run; "
                    + "correct the path, or run `chmod +x` on it"
            ])
        #expect(try place.findings("interpreter", "interpreter: ./bin").count == 1)
        #expect(try place.findings("interpreter", "interpreter: bin/python3").isEmpty)
    }

    @Test func `what the script's text gives away`() throws {
        let place = try Place(script: "import argparse\nprint(1)\n")
        #expect(
            try place.findings() == [
                "n.yaml:2:1: warning: entryPoint: the script mentions neither SM_CHECKPOINT_DIR nor /opt/ml/checkpoints, "
                    + "so it may start from zero after each interruption; "
                    + "load the newest checkpoint at the start, then prove it with `nightshift drill`",
                "n.yaml:2:1: warning: entryPoint: the script never mentions SM_MODEL_DIR, so the night may end without a "
                    + "model; save it under os.environ[\"SM_MODEL_DIR\"]",
            ])
        let fixed = """
            # /opt/ml/model in a comment is harmless
            import os
            parser.add_argument("--model", default=os.environ.get(
                "SM_MODEL_DIR",
                "/opt/ml/model"))
            save("/opt/ml/checkpoints/last.pt")
            read('/opt/ml/input/data/train/rows')
            put("/opt/ml/output/data")
            put("/opt/ml/model/x")
            put("/opt/ml/input/config")
            """
        let other = try Place(script: fixed)
        func sentence(_ line: Int, _ literal: String, _ variable: String) -> String {
            "src/train.py:\(line): warning: \"\(literal)\" is written into the script, but a local machine has its own "
                + "directory instead; write os.environ.get(\"\(variable)\", \"\(literal)\")"
        }
        #expect(
            try other.findings() == [
                sentence(6, "/opt/ml/checkpoints/last.pt", "SM_CHECKPOINT_DIR"),
                sentence(7, "/opt/ml/input/data/train/rows", "SM_CHANNEL_TRAIN"),
                sentence(8, "/opt/ml/output/data", "SM_OUTPUT_DATA_DIR"),
                sentence(9, "/opt/ml/model/x", "SM_MODEL_DIR"), sentence(10, "/opt/ml/input/config", "SM_INPUT_DIR"),
            ])
    }

    @Test(arguments: ["nightshift_checkpoint", "store.latest(", "resume_from_checkpoint=True", "/opt/ml/checkpoints"])
    func `a script that reads its checkpoints in another file or another way is fine`(_ words: String) throws {
        let place = try Place(script: "import helper")
        try Data("SM_MODEL_DIR\n# \(words)".utf8).write(to: place.root.appending(path: "src/helper.py"))
        #expect(try place.findings().isEmpty)
    }

    @Test func `environments and data are not taken for the script`() throws {
        let place = try Place(script: "pass")
        let environment = place.root.appending(path: "src/venv/lib")
        try FileManager.default.createDirectory(at: environment, withIntermediateDirectories: true)
        try Data().write(to: place.root.appending(path: "src/venv/pyvenv.cfg"))
        try Data("SM_MODEL_DIR SM_CHECKPOINT_DIR".utf8).write(to: environment.appending(path: "x.py"))
        #expect(try place.findings().count == 2)
    }

    @Test func `directories that can't be written`() throws {
        let place = try Place()
        place.surroundings.isWritable = { _ in false }
        #expect(
            try place.findings() == [
                "n.yaml:9:1: checkpointUri: this user may not write to \".\"; "
                    + "change its owner or mode, or name another directory",
                "n.yaml:13:1: outputPath: this user may not write to \".\"; "
                    + "change its owner or mode, or name another directory",
            ])
        place.surroundings.isWritable = { _ in true }
        #expect(
            try place.findings("outputPath", "outputPath: market.json/models") == [
                "n.yaml:13:1: outputPath: \"market.json\" is not a directory; name a directory"
            ])
        place.surroundings.fileSystem = { _ in "tmpfs" }
        #expect(
            try place.findings().first ?? ""
                == "n.yaml:9:1: warning: checkpointUri: \".nightshift/checkpoints\" is kept in memory (tmpfs) and lost when "
                + "the machine restarts; name a directory on a disk")
    }

    @Test func `a disk that is too small`() throws {
        let place = try Place()
        place.surroundings.freeBytes = { _ in 9_999_999 }
        #expect(
            try place.findings() == [
                "n.yaml:11:1: checkpointSize: 5 checkpoints need 10.0 MB, but \".\" has 9.9 MB free; "
                    + "free some space, lower checkpointKeep or name another disk"
            ])
        place.surroundings.freeBytes = { _ in 10_000_000 }
        #expect(try place.findings().isEmpty)
        place.surroundings.freeBytes = { _ in 900 }
        #expect(
            try place.findings("checkpointSize", "checkpointSize: 999999999 TiB").first?.contains("900 B free") == true)
        place.surroundings.freeBytes = { _ in nil }
        #expect(try place.findings().isEmpty)
    }

    @Test func `a maxRun under which Spot is soon left alone is told, with the one from which it is not`() throws {
        let place = try Place()
        let words =
            "leaves little room for Spot: on-demand's share of it is kept back, so after an interruption or two no "
            + "further try is made; write 5 h 40 min or more, and Spot may be tried at least twice more"
        let found = try place.findings("maxRun", "maxRun: 5 h 39 min")
        #expect(found.count == 1 && found[0].hasSuffix(": warning: maxRun: 5 h 39 min \(words)"), "\(found)")
        #expect(try place.findings("maxRun", "maxRun: 5 h 40 min").isEmpty)
        let file = try JobFile.parse(
            text: Samples.whole("maxRun", "maxRun: 5 h").replacing("policy: greedy", with: "policy: on-demand"),
            path: "n.yaml")
        #expect(file.job.policy == .onDemandOnly && JobCheck.spotRoom(file) == nil)
    }

    @Test func `what is not watched is said, and nothing when all is`() throws {
        let place = try Place()
        #expect(try place.findings("policy", "policy: greedy\ntripwires: {stalled: {then: goOn}}").isEmpty)
        #expect(
            try place.findings("policy", "policy: greedy\ntripwires: {stalled: {then: off}, noModel: {then: off}}") == [
                "n.yaml:31:1: warning: tripwires: stalled, noModel are off; what is watched is noCheckpoint, badLoss, "
                    + "lossJump, startedOver, diskFilling, nothingToResume; write `then: goOn` to hear of them without "
                    + "anything being done"
            ])
        let all = Tripwire.allCases.map { "\($0.rawValue): {then: off}" }.joined(separator: ", ")
        #expect(
            try place.findings("policy", "policy: greedy\ntripwires: {\(all)}").first?.contains(
                "nothingToResume are off; what is watched is nothing;") == true)
    }

    @Test func `clocks and windows`() throws {
        let place = try Place()
        func at(_ now: String, _ key: String = "name", _ line: String = "name: a") throws -> [String] {
            place.surroundings.now = try #require(Instant(iso8601: now))
            return try place.findings(key, line)
        }
        #expect(
            try at("1970-01-01T00:01:00Z") == [
                "n.yaml:14:1: schedule: this machine's clock says 1970-01-01T00:01:00.000Z, which can't be right; "
                    + "set it, e.g. with `timedatectl set-ntp true`"
            ])
        #expect(
            try at("2026-11-24T04:00:00Z") == [
                "n.yaml:15:3: warning: schedule.start: the night of 2026-11-24 has 4 h left, but on-demand alone needs "
                    + "4 h 49 min; start it earlier; the next night has the whole window"
            ])
        #expect(try at("2026-11-24T03:11:00Z").isEmpty)
        #expect(
            try at("2026-11-24T18:00:00Z", "  deadline", "  deadline: \"05:00\"") == [
                "n.yaml:16:3: warning: schedule.deadline: the night of 2027-03-28 has 4 h, because the clock changes; "
                    + "on-demand alone needs 4 h 49 min; move start or deadline for that night"
            ])
        let finding = CheckFinding(
            file: "n.yaml", place: JobPlace(line: 1, column: 1), key: "schedule.timeZone", concern: .unknownZone("A/B"))
        #expect(
            finding.description == "n.yaml:1:1: schedule.timeZone: this machine does not know the time zone \"A/B\"; "
                + "install the tzdata package")
        #expect(finding.severity == .error)
    }

    @Test func `the mount of a path is the longest that contains it`() {
        let mounts = "a / ext4 rw\nb /tmp tmpfs rw\nc /tmp/x\\040y xfs rw\nd /tmpfoo btrfs rw\n"
        #expect(Surroundings.fileSystem(of: "/home", mounts: mounts) == "ext4")
        #expect(Surroundings.fileSystem(of: "/tmp/a", mounts: mounts) == "tmpfs")
        #expect(Surroundings.fileSystem(of: "/tmp/x y/z", mounts: mounts) == "xfs")
        #expect(Surroundings.fileSystem(of: "/tmpfoo", mounts: mounts) == "btrfs")
        #expect(Surroundings.fileSystem(of: "/a", mounts: "") == nil)
    }
}
