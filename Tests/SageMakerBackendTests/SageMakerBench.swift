// SPDX-License-Identifier: Apache-2.0

import AWSClient
import CapacityBackends
import Foundation
import NightEngine
import NightRunner
import NightshiftTesting
import SageMakerBackend
import SpotMarket
import TrainingJobs

/// A night on SageMaker's double: the real backend, the real client with its signatures and retries, a manual clock.
struct SageMakerBench: Sendable {
    let job: TrainingJob
    let terms: NightTerms
    let clock: ManualNightClock
    let double: SageMakerDouble
    let directory: String
    let shelf: MemoryShelf
    let warnings = Collected<RunnerWarning>()

    static let spot = offer(.spot)
    static let onDemand = offer(.onDemand)

    static func offer(_ purchase: PurchaseOption) -> Offer {
        Offer(
            backend: "sagemaker", instanceType: "ml.p4d.24xlarge", region: "eu-west-1", zone: "eu-west-1",
            purchase: purchase)
    }

    static let book = PriceBook([
        PriceFact(
            product: .sageMakerTraining, instanceType: "ml.p4d.24xlarge", region: "eu-west-1", zone: nil, zoneId: nil,
            purchase: .onDemand, pricePerHour: Money(microdollars: 25_000_000), asOf: LocalDate("2026-11-01")!,
            source: "a test")
    ])

    static func makeJob() -> TrainingJob {
        var job = Fixtures.job
        job.offers = [spot, onDemand]
        job.metricDefinitions = [
            MetricDefinition(name: "epoch", regex: "epoch=([0-9.]+)"),
            MetricDefinition(name: "loss", regex: "loss=([0-9.]+)"),
        ]
        job.hyperparameters = [
            Hyperparameter(name: "epochs", json: "20"), Hyperparameter(name: "optimizer", json: #""adam""#),
        ]
        job.inputChannels = [InputChannel(name: "train", path: "s3://data/train")]
        job.checkpoint.uri = "s3://bucket/checkpoints"
        job.outputPath = "s3://bucket/models"
        job.sageMaker = SageMakerSettings(
            roleArn: "arn:aws:iam::123456789012:role/training", trainingImage: "image:1", volumeGigabytes: 30,
            codeUri: nil, spotDiscountPercent: 60)
        return job
    }

    init(
        _ script: SageMakerDouble.Script, units: Double = 20, window: Duration = .hours(8), night: String? = nil
    ) throws {
        job = Self.makeJob()
        let quotes = SageMakerPrices(job: job, book: Self.book, today: LocalDate("2026-11-24")!).quotes
        var terms = Fixtures.terms(window: window, offers: quotes)
        terms.totalUnits = units
        terms.expectedRuntime = .minutes(12) * units
        terms.night = night ?? "recommender-2026-11-24"
        self.terms = terms
        clock = ManualNightClock(terms.start)
        var script = script
        script.units = Int(units)
        double = SageMakerDouble(clock: clock, start: terms.start, script: script)
        shelf = MemoryShelf(clock: clock, habits: MemoryShelf.Habits())
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        directory = base + "/nightshift-sagemaker-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory + "/source/pkg", withIntermediateDirectories: true)
        try Data("print('train')\n".utf8).write(to: URL(filePath: directory + "/source/train.py"))
        try Data("x = 1\n".utf8).write(to: URL(filePath: directory + "/source/pkg/a.py"))
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody

    /// A fresh process: what it knows is on disk and at AWS.
    func backend() throws -> SageMakerBackend {
        let clock = clock
        let settings = AWSSettings(
            environment: [
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            ], home: "/nowhere"
        ) { _ in nil }
        let time = AWSTime(
            now: { clock.trueTime }, sleep: { clock.advance(by: min($0, .seconds(1))) }, chance: { 0.5 })
        let caller = AWSCaller(settings: settings, transport: double, time: time)
        let night = SageMakerNight(
            job: job, terms: terms,
            clock: ClockScale(wallOrigin: terms.start, nightOrigin: terms.start, factor: 1),
            sourceDirectory: directory + "/source", directory: directory + "/machines")
        guard let night else { preconditionFailure("the job has SageMaker's settings") }
        return SageMakerBackend(
            night: night, regions: [SageMakerRegion("eu-west-1", caller: caller)], quotes: terms.offers
        ) { clock.now() }
    }

    func journal() throws -> Journal { try Journal(path: directory + "/journal.sqlite") }

    func open(_ journal: Journal) throws {
        let record = NightRecord(
            id: terms.night, date: "2026-11-24", job: job,
            clock: ClockScale(wallOrigin: terms.start, nightOrigin: terms.start, factor: 1), seed: nil)
        let (_, opening) = try Night.open(terms, at: clock.now())
        _ = try journal.open(record, with: opening)
    }

    /// One runner's life; `nil` when it was killed.
    func live(_ journal: Journal, point: @escaping @Sendable () -> Bool = { false }) async throws -> NightOutcome? {
        let (lives, end) = AsyncStream<Result<NightOutcome?, any Error>>.makeStream()
        let killing = KillingBackend(try backend(), point: point) {
            end.yield(.success(nil))
        } beforeLaunch: { _ in
        }
        let (night, warnings) = (terms.night, warnings)
        let runner = NightRunner(journal: journal, backend: killing, publisher: shelf, clock: clock) { _, _, _ in
        } warn: {
            warnings.add($0)
        }
        Task {
            do { end.yield(.success(try await runner.run(night))) } catch { end.yield(.failure(error)) }
        }
        for await life in lives { return try life.get() }
        return nil
    }

    struct Played: Sendable {
        var outcome: NightOutcome?
        var events: [NightEvent]
        var created: [String]
        var running: [String]
        var nonsense: [String]
        var jobs: [String: SageMakerDouble.Job]

        var timeline: Timeline { Timeline(events) }
        func purchase(_ name: String) -> PurchaseOption {
            jobs[name]?.request.enableManagedSpotTraining == true ? .spot : .onDemand
        }
    }

    /// The night to its end, by as many runners as are killed.
    func night(
        killedAt points: [Int] = [], _ meanwhile: @escaping @Sendable (Instant) async -> Void = { _ in }
    ) async throws -> Played {
        defer { remove() }
        let journal = try journal()
        try open(journal)
        for point in points { _ = try await live(journal, point: Countdown(point).hit) }
        let outcome = try await live(journal)
        return Played(
            outcome: outcome, events: try journal.events(of: terms.night), created: await double.created,
            running: await double.running, nonsense: await double.nonsense, jobs: await double.jobs)
    }
}

extension SageMakerBench {
    /// Steers with another backend until many looks have been made; `nil` when the night was still going on then.
    func steer(
        _ journal: Journal, _ backend: any CapacityBackend, looked: @escaping @Sendable () -> Void
    ) async throws -> NightOutcome? {
        let runner = NightRunner(journal: journal, backend: backend, publisher: shelf, clock: clock) { _, _, _ in
            looked()
        } warn: { _ in
        }
        let (night, clock, end) = (terms.night, clock, terms.start + .hours(1))
        let task = Task { try await runner.run(night) }
        while clock.trueTime < end { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        do { return try await task.value } catch is CancellationError { return nil }
    }
}
