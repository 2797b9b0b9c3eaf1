// SPDX-License-Identifier: Apache-2.0

import NightRunner
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// A cloud that does not answer, answers late, or answers no.
@Suite struct FaultTests {
    private typealias Fault = @Sendable (MemoryBackend.Call, Instant) -> MemoryBackend.Fault?

    private func night(_ scenario: Scenario, _ fault: @escaping Fault) async throws -> Night {
        try await Bench.withJournal { journal in
            var scenario = scenario
            scenario.fault = fault
            let bench = try scenario.bench("night", journal)
            let outcome = try #require(try await bench.live())
            #expect(try await bench.complaints() == [])
            return Night(outcome: outcome, events: try bench.events(), warnings: bench.warnings.all)
        }
    }

    private struct Night {
        var outcome: NightOutcome
        var events: [NightEvent]
        var warnings: [RunnerWarning]

        var launches: [LaunchOrder] {
            events.compactMap { if case .launchRequested(let order) = $0.kind { order } else { nil } }
        }
        var isOnTime: Bool { if case .completed(_, late: false) = outcome { true } else { false } }
    }

    @Test func `an hour without a word causes no second machine and one warning`() async throws {
        let from = Fixtures.start + .minutes(20)
        let night = try await night(.quiet) { call, now in
            if case .observe = call, now >= from, now < from + .minutes(60) { .failBefore } else { nil }
        }
        #expect(night.isOnTime)
        #expect(night.launches.count == 1)
        #expect(
            night.warnings == [
                .unreachable(since: from, why: "no route to the cloud"), .reachableAgain(since: from),
            ])
    }

    @Test func `short silences are nobody's business`() async throws {
        let night = try await night(.quiet) { call, now in
            if case .observe = call, now.milliseconds / 60000 % 10 < 8 { .failBefore } else { nil }
        }
        #expect(night.isOnTime)
        #expect(night.warnings == [])
    }

    @Test(arguments: [MemoryBackend.Fault.failBefore, .failAfter])
    func `an unclear answer to a launch gives one machine`(fault: MemoryBackend.Fault) async throws {
        let night = try await night(.quiet) { call, now in
            if case .launch = call, now < Fixtures.start + .minutes(10) { fault } else { nil }
        }
        #expect(night.isOnTime)
        #expect(night.launches.count == 1)
    }

    @Test func `Spot launches that fail for ever do not keep on-demand out`() async throws {
        let night = try await night(.quiet) { call, _ in
            if case .launch(let order) = call, order.offer.purchase == .spot { .failBefore } else { nil }
        }
        #expect(night.isOnTime)
        #expect(night.launches.map(\.offer) == [Fixtures.spot, Fixtures.onDemand])
        #expect(night.warnings.count == 2)
    }

    @Test func `launches that all fail for ever end with the night`() async throws {
        let night = try await night(.quiet) { call, _ in if case .launch = call { .failBefore } else { nil } }
        #expect(night.outcome == .keptPrevious(.outOfTime))
        // The night's last minutes are reached with an answer: nothing is there.
        #expect(night.launches.count == 2)
    }

    @Test(arguments: [MemoryBackend.Fault.failBefore, .failAfter, .swallowed])
    func `a stop that is lost is repeated`(fault: MemoryBackend.Fault) async throws {
        for scenario in Scenario.all {
            let night = try await night(scenario) { call, now in
                if case .stop = call, now.milliseconds / 60000 % 30 < 20 { fault } else { nil }
            }
            #expect(
                [Scenario.budget.name, Scenario.gated.name].contains(scenario.name) || night.isOnTime,
                "\(scenario.name)")
        }
    }

    @Test func `throttling is asked again after a look`() async throws {
        let night = try await night(.quiet) { call, now in
            if case .launch = call, now < Fixtures.start + .minutes(9) { .answer(.throttled) } else { nil }
        }
        #expect(night.isOnTime)
        #expect(night.launches.map(\.offer) == Array(repeating: Fixtures.spot, count: 4))
    }

    @Test func `a Spot quota leaves on-demand, at the latest safe switch`() async throws {
        let night = try await night(.quiet) { call, _ in
            if case .launch(let order) = call, order.offer.purchase == .spot {
                .answer(.quota("0 of 8 vCPUs"))
            } else {
                nil
            }
        }
        #expect(night.isOnTime)
        #expect(night.launches.map(\.offer) == [Fixtures.spot, Fixtures.onDemand])
    }

    @Test func `when everything is refused for good the night fails with the words of the platform`() async throws {
        let night = try await night(.quiet) { call, _ in
            if case .launch = call { .answer(.refused("not authorized")) } else { nil }
        }
        #expect(night.outcome == .failed(.refused("ml.p4d.24xlarge eu-west-1a on-demand: not authorized")))
        #expect(night.launches.count == 2)
    }

    @Test func `on-demand refused at the switch tries Spot, and on-demand again`() async throws {
        var scenario = Scenario.quiet
        scenario.spells = [Scenario.spell(130, 600)]
        let night = try await night(scenario) { call, now in
            if case .launch(let order) = call, order.offer.purchase == .onDemand, now < Fixtures.start + .minutes(160) {
                .answer(.noCapacity)
            } else {
                nil
            }
        }
        #expect(night.isOnTime)
        #expect(night.launches.contains { $0.offer == Fixtures.onDemand })
        #expect(night.launches.last { $0.offer == Fixtures.spot } != nil)
    }

    @Test func `at the end a backend that cannot be asked is named`() async throws {
        let night = try await night(.quiet) { call, _ in if call == .findAll { .failBefore } else { nil } }
        #expect(night.isOnTime)
        #expect(night.warnings == [.unverified(why: "no route to the cloud")])
    }

    @Test func `prices that cannot be had leave the last ones standing`() async throws {
        let night = try await night(.quiet) { call, _ in call == .prices ? .failBefore : nil }
        #expect(night.isOnTime)
        #expect(night.warnings.count == 1)
    }
}
