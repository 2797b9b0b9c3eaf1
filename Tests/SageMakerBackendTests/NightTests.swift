// SPDX-License-Identifier: Apache-2.0

import AWSClient
import NightRunner
import NightshiftTesting
import SageMakerBackend
import Testing
import TrainingJobs

/// Whole nights on SageMaker's double: outcome, deadline, money, and nothing left running.
@Suite struct NightTests {
    private func isOnTime(_ result: SageMakerBench.Played) -> Bool {
        if case .completed(_, late: false)? = result.outcome { true } else { false }
    }

    private func expectClean(_ result: SageMakerBench.Played) {
        #expect(result.running == [])
        #expect(result.nonsense == [])
        #expect(result.timeline.launches.allSatisfy { $0.end != nil })
    }

    @Test("a quiet night is one Spot job, billed by its billable seconds at the on-demand price")
    func quiet() async throws {
        let result = try await SageMakerBench(.init()).night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created == ["recommender-2026-11-24-a1"])
        // 4 h 4 min on the machine, of which 40 % are billed, at 25 dollars an hour.
        let total = Bill(result.events).total(at: .init(milliseconds: .max))
        #expect(total == HourlyRate(microdollars: 25_000_000).cost(of: .seconds((4 * 3600 + 4 * 60) * 2 / 5)))
        guard case .completed(let model, _)? = result.outcome else { return }
        #expect(model.path == "s3://bucket/models/recommender-2026-11-24-a1/output/model.tar.gz")
        #expect(result.timeline.newestGeneration?.units == 20)
    }

    @Test("an interruption is told within one launch, and training goes on from what had been copied")
    func interrupted() async throws {
        let result = try await SageMakerBench(.init(spells: [(0, 100), (120, 10_000)])).night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created.count == 1)
        let launch = try #require(result.timeline.launches.first)
        #expect(launch.attempts.count == 2)
        #expect(launch.attempts.first?.until != nil)
        // Minute 3 on: units are told each 12 minutes; at minute 100 eight of them had been.
        #expect(launch.attempts.last?.training?.units == 8)
        #expect(result.timeline.totals(at: result.events.last!.at).interruptions == 1)
        let waits = result.events.filter { if case .waitingAgain = $0.kind { true } else { false } }
        #expect(waits.count == 1)
    }

    @Test("without Spot capacity the night waits until the latest safe switch, then on-demand keeps the deadline")
    func noCapacity() async throws {
        let result = try await SageMakerBench(.init(spells: [(50_000, 60_000)])).night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created.map(result.purchase) == [.spot, .onDemand])
    }

    @Test("a Spot job that fails for capacity is asked for again, and nothing is held against the training")
    func capacityError() async throws {
        let result = try await SageMakerBench(.init(spells: [(50_000, 60_000)], spotFailsAfter: 20)).night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created.map(result.purchase).filter { $0 == .spot }.count > 2)
        #expect(result.created.map(result.purchase).last == .onDemand)
        #expect(result.timeline.launches.contains { $0.end?.reason == .noCapacity })
    }

    @Test("interrupted for good after some work, on-demand goes on from the same checkpoints")
    func fallback() async throws {
        let result = try await SageMakerBench(.init(spells: [(0, 100), (50_000, 60_000)])).night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created.map(result.purchase) == [.spot, .onDemand])
        #expect(result.timeline.launches.last?.attempts.first?.training?.units == 8)
    }

    @Test("a job stopped from outside is followed by another")
    func stoppedOutside() async throws {
        let result = try await SageMakerBench(.init(outsideStops: ["recommender-2026-11-24-a1": 60])).night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created.count == 2)
    }

    @Test("a Spot quota of none is no capacity: on-demand is bought at once or later, never Spot again")
    func quota() async throws {
        let result = try await SageMakerBench(
            .init(refusals: [
                (
                    "ResourceLimitExceeded",
                    "The account-level service limit 'ml.p4d.24xlarge for spot training job usage' is 0 Instances"
                )
            ])
        ).night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created.map(result.purchase) == [.onDemand])
    }

    @Test("throttling is no failure: the same order is asked for again")
    func throttled() async throws {
        let refusals = [(code: String, message: String)?](repeating: ("ThrottlingException", "Rate exceeded"), count: 7)
        let result = try await SageMakerBench(.init(refusals: refusals)).night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created.count == 1)
    }

    @Test("an hour without an answer ends nothing and buys nothing")
    func unreachable() async throws {
        let bench = try SageMakerBench(.init(unreachable: 60..<120))
        let result = try await bench.night()
        #expect(isOnTime(result))
        expectClean(result)
        #expect(result.created.count == 1)
        #expect(
            bench.warnings.all.contains { (warning: RunnerWarning) in
                if case .unreachable = warning { true } else { false }
            })
    }

    @Test("another's job of that name is refused, neither adopted nor stopped")
    func foreign() async throws {
        let bench = try SageMakerBench(.init())
        defer { bench.remove() }
        let name = "recommender-2026-11-24-a1"
        let request = TrainingJobRequest(
            trainingJobName: name, roleArn: "arn:aws:iam::123456789012:role/other",
            outputDataConfig: .init(s3OutputPath: "s3://other/"),
            resourceConfig: .init(instanceType: "ml.p4d.24xlarge", instanceCount: 1, volumeSizeInGB: 1),
            enableManagedSpotTraining: true)
        await bench.double.put(
            foreign: name, tags: [.init(key: "nightshift:night", value: "recommender-2026-11-24")], request)
        let backend = try bench.backend()
        let order = LaunchOrder(
            key: name, night: bench.terms.night, epoch: 1, offer: SageMakerBench.spot,
            rate: HourlyRate(microdollars: 1), notAfter: bench.terms.end, expectedGeneration: nil)
        guard case .refused(let why) = try await backend.launch(order) else { Issue.record("adopted"); return }
        #expect(why.contains("not of this night"))
        #expect(try await backend.observe(name) == nil)
        #expect(try await backend.findAll() == [])
        try await backend.stop(name)
        #expect(await bench.double.running == [name])
    }
}
