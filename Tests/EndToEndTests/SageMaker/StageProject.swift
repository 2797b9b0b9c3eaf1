// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightRunner
import ProcessSupervision
import Testing
import TrainingJobs

/// A directory with training code and a job for SageMaker, and a stage that answers it: both commands are processes of
/// their own and speak over HTTP alone.
///
/// `delete()` it when the test is content with it; what a failed test leaves is there to be looked at.
struct StageProject: Sendable {
    static let date = "2026-11-24"
    static let scale = 360
    static let night = "points-\(date)"
    static let python: String = {
        let own = Repository.root + "/.venv/bin/python3"
        return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
    }()

    let directory: String
    let endpoint: String
    private let serve: CommandRun

    var state: String { directory + "/state" }

    /// `onDemandWait` and `spot` are the market's words: `waitMinutes` and `available`. `quotas` are the stage's.
    static func make(
        _ job: StageJobFile = StageJobFile(), spot: String = #"[{"fromMinute": 0, "untilMinute": 9000}]"#,
        onDemandWaitMinutes: String = "[5]", quotas: [String] = []
    ) async throws -> StageProject {
        let directory =
            URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appending(path: "nightshift-stage-\(UUID().uuidString.prefix(8))").path(percentEncoded: false).trimmedSlash
        let files = FileManager.default
        try files.createDirectory(atPath: directory + "/code", withIntermediateDirectories: true)
        try files.createDirectory(atPath: directory + "/state", withIntermediateDirectories: true)
        try files.copyItem(
            atPath: Repository.fixtures + "/SageMaker/train.py", toPath: directory + "/code/train.py")
        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(filePath: directory + "/" + name))
        }
        try write(job.yaml, to: "job.yaml")
        try write(
            """
            {"format": "nightshift-market", "version": 1, "priceAsOf": "2026-09-01", "priceSource": "made for a test",
             "offers": [
              {"instanceType": "ml.p4d.24xlarge", "zone": "eu-west-1a", "purchase": "spot", "pricePerHour": "3.000000",
               "available": \(spot)},
              {"instanceType": "ml.p4d.24xlarge", "zone": "eu-west-1a", "purchase": "on-demand",
               "pricePerHour": "10.000000", "waitMinutes": \(onDemandWaitMinutes)}]}
            """, to: "market.json")
        try write(
            """
            {"format": "nightshift-price-book", "version": 1, "facts": [{"product": "sagemaker-training",
             "instanceType": "ml.p4d.24xlarge", "region": "eu-west-1", "purchase": "on-demand",
             "pricePerHour": "10.000000", "asOf": "2026-11-01", "source": "made for a test"}]}
            """, to: "state/price-book.json")
        // Two clouds of points, the same each time.
        let points = (0..<200).map { number in
            let label = number % 2
            return "\(Double(number * 37 % 101) / 50 - 1 + Double(label)),\(Double(number * 53 % 97) / 48 - 1),\(label)"
        }
        try write(points.joined(separator: "\n") + "\n", to: "points.csv")
        let port = try await freePort(in: directory)
        let words =
            [
                "serve", "--sagemaker", "--port", port, "--state", directory + "/stage", "--market", "market.json",
                "--time-scale", "\(scale)", "--python", python,
            ] + quotas.flatMap { ["--quota", $0] }
        let serve = try await CommandRun.start(
            Binaries.nightshift, words, in: directory, Self.plainEnvironment, umask: "022")
        let project = StageProject(directory: directory, endpoint: "http://127.0.0.1:\(port)", serve: serve)
        try await eventually("the stage serves: \(serve.complaints)") { serve.output.contains("stage of SageMaker") }
        _ = try await project.ask("put", "nights/train/points.csv", directory + "/points.csv")
        return project
    }

    private static func freePort(in directory: String) async throws -> String {
        let line = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
        let run = try await CommandRun.start(
            "/usr/bin/env", ["python3", "-c", line], in: directory, ProcessInfo.processInfo.environment, umask: "022")
        return await run.result().output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Nobody's credentials and nobody's endpoints.
    private static var plainEnvironment: [String: String] {
        ProcessInfo.processInfo.environment.filter { name, _ in !name.hasPrefix("AWS_") }
    }

    /// As `nightshift env` sets it. `through` is another address for the stage.
    func environment(through: String? = nil) -> [String: String] {
        Self.plainEnvironment.merging([
            "AWS_ENDPOINT_URL": through ?? endpoint, "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "NIGHTSHIFTSTAGE", "AWS_SECRET_ACCESS_KEY": "nightshift",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": directory + "/none",
            "AWS_SHARED_CREDENTIALS_FILE": directory + "/none", "NIGHTSHIFT_STATE": state, "no_proxy": "127.0.0.1",
        ]) { $1 }
    }

    /// The one command that begins the night and goes on with it.
    func run(through: String? = nil, _ options: String...) async throws -> CommandRun {
        try await CommandRun.start(
            Binaries.nightshift,
            ["run", "job.yaml", "--date", Self.date, "--time-scale", "\(Self.scale)"] + options, in: directory,
            environment(through: through), umask: "022")
    }

    func command(_ words: String...) async throws -> CommandResult {
        let run = try await CommandRun.start(Binaries.nightshift, words, in: directory, environment(), umask: "022")
        return await run.result()
    }

    /// A Python program in the environment of the stage's clients.
    func python(_ words: [String]) async throws -> CommandResult {
        let run = try await CommandRun.start(
            "/usr/bin/env", [Self.python, "-W", "ignore"] + words, in: directory, environment(), umask: "022")
        return await run.result()
    }

    func ask(_ words: String...) async throws -> String {
        let result = try await python([Repository.fixtures + "/SageMaker/stage.py", endpoint] + words)
        guard result.code == 0 else { throw StageRefused(why: result.complaints) }
        return result.output
    }

    /// Every job at the stage, oldest first.
    func jobs() async throws -> [StageJobPicture] {
        try JSONDecoder().decode([StageJobPicture].self, from: Data(try await ask("jobs").utf8))
    }

    var events: [NightEvent] {
        get throws { try Journal(path: state + "/journal.sqlite").events(of: Self.night) }
    }

    func endStage() async {
        serve.signal(SIGTERM)
        _ = await serve.result()
    }

    func delete() async {
        await endStage()
        try? FileManager.default.removeItem(atPath: directory)  // it lies in the temporary directory
    }
}

struct StageRefused: Error { var why: String }
