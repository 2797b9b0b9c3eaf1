// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightRunner
import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

enum Bench {
    /// A directory of its own, on memory where there is some: a test of crashes of the runner, not of the disk.
    static func directory() throws -> String {
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        let path = base + "/nightshift-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A journal that is gone after the test.
    static func withJournal<Answer>(_ body: (Journal) async throws -> Answer) async throws -> Answer {
        let directory = try directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody
        return try await body(try Journal(path: directory + "/journal.sqlite"))
    }

    static let job = TrainingJob(
        name: "short", entryPoint: "train.py", sourceDirectory: "/src", interpreter: ["python3"], hyperparameters: [],
        environment: [:], inputChannels: [],
        checkpoint: CheckpointSettings(
            localPath: "/opt/ml/checkpoints", uri: "/checkpoints", interval: .minutes(12), expectedBytes: nil, keep: 3),
        outputPath: "/out", schedule: NightSchedule(startMinutes: 0, deadlineMinutes: 480, timeZone: "Europe/Dublin"),
        expectedRuntime: .hours(4), maxRun: .hours(9), maxWait: .hours(10), budgetPerNight: nil, metricDefinitions: [],
        progress: .checkpointName(regex: "epoch-([0-9]+)", total: 20), restartOverhead: .minutes(10),
        onDemandWait: .minutes(20), uploadTime: .minutes(4), safetyMargin: .minutes(15), failureCost: nil,
        policy: .greedy, offers: [Fixtures.spot, Fixtures.onDemand], market: nil)
}

/// A night with a name, to be run again and again.
struct Scenario: CustomTestStringConvertible, Sendable {
    var name: String
    var terms: NightTerms
    var spells: [Market.Spell]
    var conditions = Fixtures.conditions
    var stopAfter: Duration?
    var fault: @Sendable (MemoryBackend.Call, Instant) -> MemoryBackend.Fault? = { _, _ in nil }
    var shelf = MemoryShelf.Habits()

    var testDescription: String { name }

    /// The same night under a name of its own.
    func bench(_ id: String, _ journal: Journal) throws -> RunnerBench {
        var terms = terms
        terms.night = id
        var market = Fixtures.market(spells: [], terms: terms)
        market.listings[0].supply = .spells(spells)
        return try RunnerBench(
            terms: terms, market: market, conditions: conditions, journal: journal, job: Bench.job,
            shelf: shelf, fault: fault)
    }

    static func spell(_ from: Int, _ until: Int, notice: Bool = false) -> Market.Spell {
        Market.Spell(from: .minutes(from), until: .minutes(until), notice: notice ? .seconds(120) : nil)
    }

    static let quiet = Scenario(
        name: "a quiet night", terms: Fixtures.shortTerms(units: 4, window: .hours(4)), spells: [spell(0, 600)])
    static let twoInterruptions = Scenario(
        name: "two interruptions", terms: Fixtures.shortTerms(units: 4, window: .hours(4)),
        spells: [spell(0, 25), spell(32, 60, notice: true), spell(64, 600)])
    /// Nothing becomes durable on Spot, so on-demand is bought beside it.
    static let overlap = Scenario(
        name: "on-demand beside Spot", terms: Fixtures.shortTerms(units: 4, window: .minutes(125)),
        spells: [spell(0, 70)],
        conditions: TrainingConditions(
            secondsPerUnit: 720, restart: .minutes(8), upload: .minutes(3), unitsPerCheckpoint: 4))
    static let budget = Scenario(
        name: "a budget that ends it",
        terms: Fixtures.shortTerms(units: 8, window: .hours(6), budget: Money(microdollars: 6_000_000)),
        spells: [spell(0, 600)])
    static let gated = Scenario(
        name: "a gate that objects", terms: Fixtures.shortTerms(units: 2, window: .hours(4)), spells: [spell(0, 600)],
        shelf: MemoryShelf.Habits(patience: 3, objection: .gate("rmse 1.21 is above 1.0")))
    static let all = [quiet, twoInterruptions, overlap, budget, gated]

    static let small = Scenario(
        name: "a small night with everything", terms: Fixtures.shortTerms(units: 2, window: .minutes(95)),
        spells: [spell(0, 22)])
}
