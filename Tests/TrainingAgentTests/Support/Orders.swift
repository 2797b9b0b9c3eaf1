// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

/// A directory of a test's own; goes with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        // Resolved: the kernel tells resolved paths.
        path = URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath().path + "/agent-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func directory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
        return path + "/" + name
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) }
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
}

/// Looks every few milliseconds until it is so. A test that waits for an event waits for this.
func eventually(
    _ what: String, within limit: Duration = .seconds(30), _ holds: () throws -> Bool
) async throws {
    let patience = ContinuousClock.now + limit
    while try !holds() {
        guard ContinuousClock.now < patience else { throw NeverHappened(what: what) }
        try await Task.sleep(for: .milliseconds(5))
    }
}

struct NeverHappened: Error, CustomStringConvertible {
    var what: String
    var description: String { "never happened: \(what)" }
}

enum Orders {
    static let offer = Offer(
        backend: "local", instanceType: "ml.p4d.24xlarge", region: "eu-west-1", zone: "eu-west-1a", purchase: .spot)

    static func job(
        source: String, uri: String, output: String, entryPoint: String = "train.py",
        interpreter: [String] = ["python3"], hyperparameters: [Hyperparameter] = [],
        environment: [String: String] = [:], channels: [InputChannel] = [],
        progress: ProgressSource = .metric(name: "epoch", total: 20), localPath: String = "/opt/ml/checkpoints",
        keep: Int = 3
    ) -> TrainingJob {
        TrainingJob(
            name: "recommender", entryPoint: entryPoint, sourceDirectory: source, interpreter: interpreter,
            hyperparameters: hyperparameters, environment: environment, inputChannels: channels,
            checkpoint: CheckpointSettings(
                localPath: localPath, uri: uri, interval: .minutes(12), expectedBytes: nil, keep: keep),
            outputPath: output,
            schedule: NightSchedule(startMinutes: 0, deadlineMinutes: 480, timeZone: "Europe/Dublin"),
            expectedRuntime: .hours(4), maxRun: .hours(9), maxWait: .hours(9), budgetPerNight: nil,
            metricDefinitions: [
                MetricDefinition(name: "epoch", regex: "epoch=([0-9]+)"),
                MetricDefinition(name: "loss", regex: "loss=([-+0-9.eE]+)"),
            ],
            progress: progress, restartOverhead: .minutes(10), onDemandWait: .minutes(20), uploadTime: .minutes(4),
            safetyMargin: .minutes(15), failureCost: nil, policy: .greedy, offers: [offer], market: nil)
    }

    static func launch(epoch: Int = 1, notAfter: Instant, expected: Int? = nil) -> LaunchOrder {
        LaunchOrder(
            key: "recommender-2026-11-24-a\(epoch)", night: "recommender-2026-11-24", epoch: epoch, offer: offer,
            rate: HourlyRate(microdollars: 1_000_000), notAfter: notAfter, expectedGeneration: expected)
    }

    /// Night time is 360 times as fast as the wall's, as in `nightshift run --time-scale 360`.
    static func clock() -> ClockScale {
        let now = SystemClock.now()
        return ClockScale(wallOrigin: now, nightOrigin: now, factor: 360)
    }
}
