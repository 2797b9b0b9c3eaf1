// SPDX-License-Identifier: Apache-2.0

import AWSClient
import Foundation
package import PublishedModels
import TrainingAgent
package import TrainingJobs

/// Puts a model in a bucket into service: `<outputPath>/<job>/latest.json` points to it.
///
/// The pointer moves by a conditional write, only to a model that is there and whose record was written before, and
/// never to nothing; it names the night that it replaced. A write that another one overtook is tried again.
package struct BucketPublisher: ModelPublishing {
    /// What `latest.json` holds.
    struct Pointer: Codable {
        var night: String
        var model: String
        var record: String
        var at: Instant
        var replaces: String?
    }

    struct Overtaken: Error, CustomStringConvertible {
        var description: String { "another write moved the pointer meanwhile" }
    }

    private let night: SageMakerNight
    private let region: SageMakerRegion
    private let now: @Sendable () -> Instant

    package init(night: SageMakerNight, region: SageMakerRegion, now: @escaping @Sendable () -> Instant) {
        self.night = night
        self.region = region
        self.now = now
    }

    private var place: S3Location { night.output.appending(night.job.name) }
    private var pointerKey: String { place.appending("latest.json").prefix }
    private func recordKey(_ name: String) -> String { place.appending("records/\(name).json").prefix }

    package func publish(_ order: PublicationOrder) async throws -> PublicationAnswer? {
        let bucket = try region.bucket(night.output.bucket)
        let pointer = try await pointer(bucket)
        if let pointer, pointer.value.night == order.night {
            return .published(at: pointer.value.at, replaces: pointer.value.replaces)
        }
        var record = try await recorded(order, bucket)
        switch record.decision {
        case .keptBack(let why): return .keptBack(why, inService: pointer?.value.night)
        case .published: return .keptBack(.rolledBack, inService: pointer?.value.night)
        case .undecided: break
        }
        guard let model = S3Location(order.model.path), try await bucketOf(model).head(model.prefix) != nil else {
            return .failed("there is no model at \(order.model.path)", inService: pointer?.value.night)
        }
        if let why = try await objection(to: record, order, beside: pointer?.value, bucket) {
            record.decision = .keptBack(why)
            try await write(record, bucket)
            return .keptBack(why, inService: pointer?.value.night)
        }
        let next = Pointer(
            night: order.night, model: order.model.path, record: "s3://\(bucket.name)/\(recordKey(order.night))",
            at: now(), replaces: pointer?.value.night)
        let bytes = try Self.bytes(next)
        let written =
            if let pointer {
                try await bucket.replace(pointerKey, bytes, etag: pointer.etag)
            } else {
                try await bucket.put(pointerKey, bytes, onlyIfAbsent: true)
            }
        guard written == .created else { throw Overtaken() }
        record.decision = .published(at: next.at, byPerson: false)
        record.replaces = next.replaces
        try await write(record, bucket)
        return .published(at: next.at, replaces: next.replaces)
    }

    package func withdraw(_ order: PublicationOrder) async throws -> PublicationAnswer {
        let bucket = try region.bucket(night.output.bucket)
        let pointer = try await pointer(bucket)?.value
        if let pointer, pointer.night == order.night {
            return .published(at: pointer.at, replaces: pointer.replaces)
        }
        var record = try await recorded(order, bucket)
        if case .undecided = record.decision {
            record.decision = .keptBack(.stoppedByPerson)
            try await write(record, bucket)
        }
        if case .keptBack(let why) = record.decision { return .keptBack(why, inService: pointer?.night) }
        return .keptBack(.rolledBack, inService: pointer?.night)
    }

    package func inService() async throws -> String? {
        try await pointer(try region.bucket(night.output.bucket))?.value.night
    }

    private func bucketOf(_ place: S3Location) throws -> S3Bucket { try region.bucket(place.bucket) }

    private func pointer(_ bucket: S3Bucket) async throws -> (value: Pointer, etag: String)? {
        guard let part = try await bucket.get(pointerKey) else { return nil }
        return (try JSONDecoder().decode(Pointer.self, from: Data(part.bytes)), part.info.etag)
    }

    /// The model's record, made if there is none yet.
    private func recorded(_ order: PublicationOrder, _ bucket: S3Bucket) async throws -> ModelRecord {
        if let part = try await bucket.get(recordKey(order.night)) {
            return try JSONDecoder().decode(ModelRecord.self, from: Data(part.bytes))
        }
        let record = ModelRecord(
            order: order, files: 1, sourceDigest: nil,
            hyperparameters: night.job.hyperparameters.map {
                .init(name: $0.name, json: SecretNames.matches($0.name) ? nil : $0.json)
            }, metrics: metrics(of: order))
        guard try await bucket.put(recordKey(order.night), try Self.bytes(record), onlyIfAbsent: true) == .created
        else {
            throw Overtaken()
        }
        return record
    }

    private func write(_ record: ModelRecord, _ bucket: S3Bucket) async throws {
        _ = try await bucket.put(recordKey(record.night), try Self.bytes(record), onlyIfAbsent: false)
    }

    private func objection(
        to record: ModelRecord, _ order: PublicationOrder, beside pointer: Pointer?, _ bucket: S3Bucket
    ) async throws -> KeptBack? {
        if let gate = night.job.publishing.gate {
            if !gate.command.isEmpty {
                return .gate("publish.gate.command is not run on a model in a bucket; judge it and publish it yourself")
            }
            if let metric = gate.metric {
                var previous = MetricGate.Previous.nothing
                if let pointer {
                    previous = .unknown("the record of \(pointer.night) is not there")
                    if let part = try await bucket.get(recordKey(pointer.night)) {
                        let other = try JSONDecoder().decode(ModelRecord.self, from: Data(part.bytes))
                        previous =
                            other.value(of: metric.name).map { .value($0) }
                            ?? .unknown("the record of \(pointer.night) has no \(metric.name)")
                    }
                }
                if case .objection(let why) = metric.verdict(on: record.value(of: metric.name), previous: previous) {
                    return .gate(why)
                }
            }
        }
        return now() > order.deadline && night.job.publishing.whenLate == .keepPrevious ? .late : nil
    }

    /// The last value of each metric in the log of the machine that made the model.
    private func metrics(of order: PublicationOrder) -> [ModelRecord.Metric] {
        let path = "\(night.directory)/\(order.key)/\(AgentOrder.metricsName)"
        // A machine that never logged a metric has no file.
        let data = FileManager.default.contents(atPath: path) ?? Data()
        var newest: [String: ModelRecord.Metric] = [:]
        for line in data.split(separator: UInt8(ascii: "\n")) {
            guard let entry = try? JSONDecoder().decode(MetricEntry.self, from: line) else { continue }  // torn
            newest[entry.name] = entry.value.map {
                ModelRecord.Metric(name: entry.name, value: $0, at: entry.at, attempt: entry.attempt)
            }
        }
        return newest.values.sorted { $0.name < $1.name }
    }

    private static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
