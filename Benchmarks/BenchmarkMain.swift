// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import NightEngine
import NightRunner
import NightshiftTesting
import SpotMarket
import TrainingJobs

/// `make bench`: figures of this machine. Each pair is measured in turn in one run, so that a busy machine slows both;
/// what is worth comparing between machines is the ratio.
@main
struct BenchmarkMain {
    private static let runs = 7

    static func main() async throws {
        if CommandLine.arguments.dropFirst().first == "law" {
            exit(try await LawBenchmark(nights: 10_000_000).run() ? 0 : 1)
        }
        if CommandLine.arguments.dropFirst().first == "reference" {
            guard let facts = ReferenceFacts.here else {
                print(ReferenceFacts.absence)
                return
            }
            exit(try await ReferenceBenchmark(facts: facts).run() ? 0 : 1)
        }
        if CommandLine.arguments.dropFirst().first == "policy" {
            guard let facts = ReferenceFacts.here else {
                print(ReferenceFacts.absence)
                return
            }
            return try PolicyBenchmark(facts: facts).run()
        }
        if CommandLine.arguments.dropFirst().first == "calibration" {
            guard let facts = ReferenceFacts.here else {
                print(ReferenceFacts.absence)
                return
            }
            let picture = CommandLine.arguments.dropFirst(2).first ?? ".build/calibration.svg"
            exit(try CalibrationBenchmark(facts: facts, picture: picture).run() ? 0 : 1)
        }
        let root = FileManager.default.temporaryDirectory.appending(path: "nightshift-bench-\(getpid())").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }  // a rest in the temporary directory is no harm
        if CommandLine.arguments.dropFirst().first == "s3" { return try await S3Benchmark(root: root).run() }
        print("median (least – most) of \(runs) runs")
        try await checkpoints(root)
        try await journal(root)
        try await nights()
        try await TickBenchmark.run()
    }

    /// 64 MiB in four files, against copying them and syncing each.
    private static func checkpoints(_ root: String) async throws {
        let source = root + "/source"
        let files = try CheckpointFiles.write(4, megabytes: 16, to: source)
        let copy = try await Spread.measure(runs: runs) { run in try copyDurably(source, to: "\(root)/copy-\(run)") }
        let commit = try await Spread.measure(runs: runs) { run in
            let store = try DirectoryObjectStore(root: "\(root)/store-\(run)")
            guard let lineage = Lineage("bench", in: store) else { return }
            let claim = try await lineage.claim(epoch: 1, at: 0)
            _ = try await lineage.commit(files, from: source, under: claim, progress: 1, label: nil, at: 0)
        }
        let restore = try await Spread.measure(runs: runs) { run in
            let store = try DirectoryObjectStore(root: "\(root)/store-\(run)")
            _ = try await Lineage("bench", in: store)?.restore(into: "\(root)/restored-\(run)", atMost: .max)
        }
        commit.report("commit 64 MiB", against: "copying and syncing them", copy)
        restore.report("restore 64 MiB", against: "copying and syncing them", copy)
    }

    private static func copyDurably(_ source: String, to target: String) throws {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: source) {
            try FileManager.default.copyItem(atPath: source + "/" + name, toPath: target + "/" + name)
            let descriptor = open(target + "/" + name, O_RDONLY)
            fsync(descriptor)
            close(descriptor)
        }
    }

    /// A hundred events, one transaction each, against a hundred synced writes of the same size.
    private static func journal(_ root: String) async throws {
        let terms = Fixtures.terms()
        let events = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [(0, 700, false)]), conditions: Fixtures.conditions
        ).events
        let event = events[events.count / 2]
        let bytes = try JSONEncoder().encode(event)
        let plain = try await Spread.measure(runs: runs) { run in
            let descriptor = open("\(root)/plain-\(run)", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            for _ in 0..<100 {
                bytes.withUnsafeBytes { _ = write(descriptor, $0.baseAddress, $0.count) }
                fsync(descriptor)
            }
            close(descriptor)
        }
        let appended = try await Spread.measure(runs: runs) { run in
            let journal = try Journal(path: "\(root)/journal-\(run).sqlite")
            let job = Fixtures.job
            let record = NightRecord(
                id: terms.night, date: "2026-11-24", job: job,
                clock: ClockScale(wallOrigin: terms.start, nightOrigin: terms.start, factor: 1), seed: nil)
            _ = try journal.open(record, with: events[0])
            for number in 0..<100 {
                let next = NightEvent(sequence: number + 2, at: event.at, kind: event.kind)
                _ = try journal.append([next], to: terms.night)
            }
        }
        appended.report("journal 100 events", against: "100 synced writes", plain)
    }

    /// Nights of eight hours on modelled markets, driven tick by tick.
    private static func nights() async throws {
        let base = Fixtures.terms()
        func market(_ seed: UInt64) -> Market {
            var market = Fixtures.market(spells: [])
            market.listings[0].supply = .spells(
                SpellModel(seed: seed, upScale: 1, downScale: 1, noticeShare: 0.5, notice: .seconds(120))
                    .spells(through: .hours(12)))
            return market
        }
        for policy in PolicyName.plain {
            let time = try await Spread.measure(runs: runs) { run in
                for seed in 0..<50 {
                    _ = try VirtualNight(
                        terms: Fixtures.terms(policy: policy, budget: base.budget),
                        market: market(UInt64(run * 50 + seed)), conditions: Fixtures.conditions)
                }
            }
            print("50 nights, \(policy.rawValue): \(time.text), \(Int(50 / time.median)) nights a second")
        }
    }
}
