// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import NightshiftTesting
import TrainingJobs

@testable import PublishedModels

/// An output path with what a night needs to publish, gone after the test.
struct TestShelf: Sendable {
    let directory: String
    var job: TrainingJob
    var now: Instant

    var shelf: ModelShelf { ModelShelf(outputPath: job.outputPath) }
    var latest: String { job.outputPath + "/latest" }

    init(_ publish: PublishSettings? = nil) throws {
        directory = NSTemporaryDirectory() + "nightshift-shelf-\(UUID().uuidString)"
        job = Fixtures.job
        job.outputPath = directory + "/models"
        job.publish = publish
        now = Fixtures.start + .hours(5)
        try FileManager.default.createDirectory(atPath: directory + "/source", withIntermediateDirectories: true)
        try write("import sys", to: "source/train.py")
    }

    static func with(
        _ publish: PublishSettings? = nil, _ body: (inout TestShelf) async throws -> Void
    ) async throws {
        var shelf = try TestShelf(publish)
        defer { try? FileManager.default.removeItem(atPath: shelf.directory) }  // a rest in /tmp harms nobody
        try await body(&shelf)
    }

    static func gate(_ metric: MetricGate?, _ command: [String] = [], timeout: Duration = .minutes(10))
        -> PublishSettings
    {
        PublishSettings(
            pack: false, whenLate: .keepPrevious, gate: PublishGate(metric: metric, command: command, timeout: timeout))
    }

    func write(_ text: String, to path: String) throws {
        let url = URL(filePath: directory + "/" + path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: directory + "/" + path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A finished model as the agent leaves it, and the order about it. `metrics` are logged by its machine.
    func model(_ night: String, _ weights: String = "weights", metrics: [(String, Double)] = []) throws
        -> PublicationOrder
    {
        try write(weights, to: "models/\(night)/model/weights.bin")
        try write("{}", to: "models/\(night)/model/more/config.json")
        let lines = metrics.map {
            let value = $0.1.isFinite ? #""value":\#($0.1)"# : #""notFinite":"\#($0.1)""#
            return #"{"at":"2026-11-24T04:00:00.000Z","attempt":1,"name":"\#($0.0)",\#(value)}"#
        }
        try write(lines.joined(separator: "\n") + "\n{\"torn", to: "machines/\(night)-a1/metrics.jsonl")
        let path = shelf.modelPath(of: night)
        let measured = try TreeDigest.measure(directory: path, leavingOut: [])
        var lineage = ModelLineage()
        lineage.trainingStarted(
            "\(night)-a1", on: Fixtures.spot,
            TrainingStart(at: Fixtures.start, generation: nil, units: 0, passedOver: []))
        lineage.committed("\(night)-a1", 1)
        return PublicationOrder(
            night: night, job: job.name, key: "\(night)-a1", epoch: 1,
            model: ModelArtifact(
                at: Fixtures.start + .hours(4), digest: measured.digest, bytes: measured.bytes, path: path),
            deadline: Fixtures.start + .hours(8), lineage: lineage, cost: Money(microdollars: 30_000_000),
            baseline: Money(microdollars: 100_000_000), baselineMeasured: true)
    }

    func publisher() -> NightPublisher {
        let now = now
        return NightPublisher(
            job: job,
            places: NightPublisher.Places(
                source: directory + "/source", machines: directory + "/machines", scratch: directory + "/gate"),
            timeScale: 1
        ) { now }
    }

    /// Asked again and again, as the runner does.
    func publish(_ order: PublicationOrder) async throws -> PublicationAnswer {
        let publisher = publisher()
        while true {
            if let answer = try await publisher.publish(order) { return answer }
            await Task.yield()
        }
    }

    /// Everything below the output path that is not a finished thing.
    var leftAside: [String] {
        let all = FileManager.default.enumerator(atPath: job.outputPath)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.contains(".writing") }.sorted()
    }
}
