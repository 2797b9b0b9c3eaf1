// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Foundation
import ProcessSupervision
import SpotMarket
import Testing
import TrainingAgent
import TrainingJobs

/// A stage in a directory of its own, without its HTTP front: calls go to the services.
final class StageBench: Sendable {
    static let role = "arn:aws:iam::123456789012:role/training"

    let directory: String
    let buckets: Buckets
    let settings: StageSettings

    init(
        market: StageMarket = .calm, timeScale: Int = 1, quotas: [String: Int] = [:],
        directory: String = NSTemporaryDirectory() + "stage-" + UUID().uuidString
    ) throws {
        self.directory = directory
        buckets = try Buckets(directory: directory + "/s3")
        settings = StageSettings(
            directory: directory + "/stage", account: "000000000000", market: market, timeScale: timeScale,
            python: "python3", environment: ProcessInfo.processInfo.environment, quotas: quotas)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Runs a stage while the body lasts.
    func play<Result: Sendable>(_ body: @escaping @Sendable (StageClient) async throws -> Result) async throws -> Result
    {
        let stage = try Stage(settings: settings, buckets: buckets)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await stage.run() }
            let result = try await body(StageClient(stage: stage))
            await stage.close()
            try await group.waitForAll()
            return result
        }
    }

    func put(_ text: String, at key: String, in bucket: String = "bucket") throws {
        let path = directory + "/" + UUID().uuidString
        try Data(text.utf8).write(to: URL(filePath: path))
        try buckets.put(file: path, bucket: bucket, key: key)
    }

    /// Packs source files as the SDK does and uploads them.
    func putSource(_ files: [String: String], at key: String) throws {
        let source = directory + "/source-" + UUID().uuidString
        for (name, text) in files {
            let path = source + "/" + name
            try FileManager.default.createDirectory(
                at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        let archive = source + ".tar.gz"
        try Tools.run(
            "tar", ["-czf", archive, "-C", source] + files.keys.map { String($0.prefix { $0 != "/" }) }.sorted())
        try buckets.put(file: archive, bucket: "bucket", key: key)
    }

    /// The members of an archive in a bucket, by name.
    func archive(at key: String, in bucket: String = "bucket") throws -> [String: String] {
        let object = try #require(try buckets.object(bucket: bucket, key: key), "\(key)")
        let place = directory + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try Tools.run("tar", ["-xzf", object.file, "-C", place])
        var found: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: place) {
            found[name] = try? String(contentsOfFile: place + "/" + name, encoding: .utf8)
        }
        return found
    }

    func text(at key: String, in bucket: String = "bucket") throws -> String? {
        try buckets.object(bucket: bucket, key: key).flatMap { try? String(contentsOfFile: $0.file, encoding: .utf8) }
    }

    /// A request that runs `train.py` from `code/sourcedir.tar.gz`; members of `changes` replace, `nil` removes.
    static func request(
        _ name: String, hyperparameters: [String: String] = [:], changes: [String: JSONValue?] = [:]
    ) -> JSONValue {
        var values: [String: JSONValue] = [
            "sagemaker_program": .string("\"train.py\""),
            "sagemaker_submit_directory": .string("\"s3://bucket/code/sourcedir.tar.gz\""),
        ]
        for (key, value) in hyperparameters { values[key] = .string(value) }
        var members: [String: JSONValue] = [
            "TrainingJobName": .string(name), "RoleArn": .string(role), "HyperParameters": .object(values),
            "AlgorithmSpecification": .object(["TrainingInputMode": "File", "TrainingImage": "x/pytorch-training:2.3"]),
            "OutputDataConfig": .object(["S3OutputPath": "s3://bucket/"]),
            "ResourceConfig": .object([
                "InstanceType": "ml.p4d.24xlarge", "InstanceCount": .integer("1"), "VolumeSizeInGB": .integer("30"),
            ]),
            "StoppingCondition": .object(["MaxRuntimeInSeconds": .integer("3600")]),
        ]
        for (key, value) in changes { members[key] = value }
        return .object(members)
    }

    static func spot(maxRuntime: Int = 14400, maxWait: Int = 28800) -> [String: JSONValue?] {
        [
            "EnableManagedSpotTraining": .bool(true),
            "StoppingCondition": .object([
                "MaxRuntimeInSeconds": .integer(String(maxRuntime)), "MaxWaitTimeInSeconds": .integer(String(maxWait)),
            ]),
            "CheckpointConfig": .object(["S3Uri": "s3://bucket/checkpoints", "LocalPath": "/opt/ml/checkpoints/"]),
        ]
    }

    static func market(_ offers: String) throws -> StageMarket {
        let text = """
            {"format": "nightshift-market", "version": 1, "priceAsOf": "2026-09-01", "priceSource": "test",
             "offers": [\(offers)]}
            """
        return .file(try JSONDecoder().decode(MarketFile.self, from: Data(text.utf8)))
    }
}

/// Asks a stage's services.
struct StageClient: Sendable {
    let stage: Stage

    /// The answer, or the fault that it is.
    func ask(_ operation: String, _ request: JSONValue) async throws -> JSONValue {
        try await Self.ask(stage.sageMakerService, operation, request)
    }

    func askLogs(_ operation: String, _ request: JSONValue) async throws -> JSONValue {
        try await Self.ask(stage.logsService, operation, request)
    }

    static func ask(_ service: some StageService, _ operation: String, _ request: JSONValue) async throws -> JSONValue {
        let reply = await service.reply(
            to: ServiceCall(operation: operation, body: Array(request.compact.utf8), region: "us-west-2"))
        let value = JSONText.value(of: String(decoding: reply.body, as: UTF8.self)) ?? .null
        guard reply.status == 200 else {
            throw ServiceFault(value["__type"]?.text ?? "?", value["message"]?.text ?? "?", status: reply.status)
        }
        return value
    }

    func describe(_ name: String) async throws -> JSONValue {
        try await ask("DescribeTrainingJob", .object(["TrainingJobName": .string(name)]))
    }

    /// Waits until a job has got there, a minute at most.
    func wait(
        for name: String, until isThere: (JSONValue) -> Bool = { $0["TrainingEndTime"] != nil }
    ) async throws -> JSONValue {
        let patience = ContinuousClock.now + .seconds(180)
        while true {
            let job = try await describe(name)
            if isThere(job) { return job }
            guard ContinuousClock.now < patience else { throw NeverCame(job: job) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Every line of a job's one stream.
    func lines(_ name: String) async throws -> [String] {
        let streams = try await askLogs(
            "DescribeLogStreams",
            .object(["logGroupName": .string(LogsService.group), "logStreamNamePrefix": .string(name + "/")]))
        let found = streams["logStreams"]?.elements ?? []
        try #require(found.count == 1)
        let events = try await askLogs(
            "GetLogEvents",
            .object([
                "logGroupName": .string(LogsService.group), "logStreamName": found[0]["logStreamName"] ?? .null,
                "startFromHead": .bool(true),
            ]))
        return (events["events"]?.elements ?? []).compactMap { $0["message"]?.text }
    }
}

struct NeverCame: Error {
    var job: JSONValue
}

extension JSONValue {
    /// The names of the statuses that a description lists.
    var statuses: [String] { (self["SecondaryStatusTransitions"]?.elements ?? []).compactMap { $0["Status"]?.text } }
}

enum Tools {
    struct Failed: Error { var words: [String] }

    /// Runs a program of the machine to its end.
    static func run(_ name: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(words: [name] + arguments) }
    }
}
