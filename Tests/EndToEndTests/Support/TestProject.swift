// SPDX-License-Identifier: Apache-2.0

import CapacityBackends
import Foundation
import NightRunner
import ProcessSupervision
import TrainingJobs

/// A directory with training code, a job file and a state directory of its own.
///
/// `delete()` it when the test is content with it; what a failed test leaves is there to be looked at.
struct TestProject: Sendable {
    static let date = "2026-11-24"

    let directory: String
    let night: String
    let job: TestJob
    var environment = ProcessInfo.processInfo.environment

    var state: String { directory + "/state" }
    var nightDirectory: String { state + "/nights/" + night }
    var machines: String { nightDirectory + "/machines" }
    var model: String { "\(directory)/models/\(night)/model" }

    init(_ job: TestJob, named name: String = "nightshift-test") throws {
        self.job = job
        let unique = UUID().uuidString.prefix(8)
        directory =
            URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appending(path: "\(name)-\(unique)").path(percentEncoded: false).trimmedSlash
        night = "\(job.name)-\(Self.date)"
        let files = FileManager.default
        try files.createDirectory(atPath: directory + "/code", withIntermediateDirectories: true)
        try files.copyItem(atPath: Repository.fixtures + "/train.py", toPath: directory + "/code/train.py")
        try files.createSymbolicLink(
            atPath: directory + "/code/nightshift_checkpoint.py", withDestinationPath: Repository.checkpointModule)
        try write(job.yaml, to: "job.yaml")
        try write(job.market, to: "market.json")
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: directory + "/" + name))
    }

    func delete() { try? FileManager.default.removeItem(atPath: directory) }

    /// The one command that begins a night, goes on with it, and tells its result again.
    func run(
        _ options: String..., scale: Int = 3600, program: String = Binaries.nightshift
    ) async throws -> CommandRun {
        try await start(
            ["run", "job.yaml", "--date", Self.date, "--time-scale", "\(scale)"] + options, program: program)
    }

    /// Any other command, to its end.
    func command(_ words: String...) async throws -> CommandResult {
        await (try start(words)).result()
    }

    func start(
        _ words: [String], umask mask: String = "022", program: String = Binaries.nightshift
    ) async throws -> CommandRun {
        var variables = environment
        variables["NIGHTSHIFT_STATE"] = state
        return try await CommandRun.start(program, words, in: directory, variables, umask: mask)
    }

    /// Read by the runner's own code; the tests that must not trust it read the machines' files.
    var events: [NightEvent] {
        get throws { try Journal(path: state + "/journal.sqlite").events(of: night) }
    }

    func machineKeys() throws -> [String] {
        guard FileManager.default.fileExists(atPath: machines) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: machines)
            .sorted { $0.localizedStandardCompare($1) == .orderedAscending }
    }

    /// Living processes of all machines of this project; zombies do not count.
    var processes: [ProjectProcess] { ProjectProcess.all(below: machines) }
}
