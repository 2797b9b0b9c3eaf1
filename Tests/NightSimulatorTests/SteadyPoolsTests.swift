// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// Pools that are all alike and always up: there is never a reason to leave the first one.
@Suite struct SteadyPoolsTests {
    private static let minute: Int64 = 60000

    @Test(arguments: [1, 2, 3], [0, 6, 15, 30] as [Int64])
    func `pools that stay up need one launch, in ticks`(pools: Int, restart: Int64) {
        for (tick, interval) in [(1, 0), (1, 15), (10, 0), (10, 30)] as [(Int64, Int64)] {
            var night = TickNight(
                tick: tick * Self.minute, work: 240 * Self.minute, deadline: 480 * Self.minute,
                restartOverhead: restart * Self.minute, spotRates: Array(repeating: 1_000_000, count: pools),
                onDemandRate: 3_000_000)
            night.checkpointInterval = interval * Self.minute
            var simulator = TickSimulator(
                night, .net(SafetyNet(NightshiftPolicy(for: night.outlook(wholeTicks: true)))))
            let up = [Bool](repeating: true, count: night.deadlineTicks + 1)
            let outcome = simulator.play(Array(repeating: up, count: pools), from: 0)
            #expect(outcome.launches == 1, "tick \(tick) min, interval \(interval) min")
            #expect(outcome.onDemandTicks == 0)
        }
    }

    @Test(arguments: [0, 1, 2, 5, 10, 30], [0, 5, 30])
    func `an order is withdrawn at most once a night while a pool stays up`(restartMinutes: Int, waitMinutes: Int)
        throws
    {
        for (tick, interval) in [(1, 5), (1, 12), (1, 60), (10, 0), (10, 30)] {
            for (hours, pools) in [(6, 1), (6, 2), (8, 1), (10, 2)] {
                let zones = ["eu-west-1a", "eu-west-1b"].prefix(pools).map { Fixtures.offer(.spot, zone: $0) }
                var terms = Fixtures.terms(
                    policy: .nightshift, window: .hours(hours),
                    offers: zones.map { Fixtures.priced($0, microdollars: 7_000_000) }
                        + [Fixtures.priced(Fixtures.onDemand, microdollars: 25_000_000)])
                terms.restartOverhead = .minutes(restartMinutes)
                terms.onDemandWait = .minutes(waitMinutes)
                terms.checkpointInterval = .minutes(interval)
                terms.tick = .minutes(tick)
                let night = try SimulatedNight(
                    terms: terms,
                    market: Fixtures.market(
                        spells: [(0, 1000, false)], onDemandWait: terms.onDemandWait, terms: terms),
                    conditions: TrainingConditions(
                        secondsPerUnit: 720, restart: terms.restartOverhead, upload: .minutes(3), unitsPerCheckpoint: 1)
                )
                let (orders, withdrawn) = night.events.reduce(into: (0, 0)) { counts, event in
                    switch event.kind {
                    case .launchRequested: counts.0 += 1
                    case .stopRequested(_, .notNeeded): counts.1 += 1
                    default: break
                    }
                }
                let what = "tick \(tick) min, interval \(interval) min, \(hours) h, \(pools) pools"
                #expect(orders <= 2, "\(what)")
                #expect(withdrawn <= 1, "\(what)")
            }
        }
    }

    @Test(arguments: [1, 2, 5, 10, 30], [1, 10])
    func `pools that stay up need one launch, in whole nights`(restartMinutes: Int, tickMinutes: Int) throws {
        let other = Fixtures.offer(.spot, zone: "eu-west-1b")
        for interval in [5, 30] {
            var terms = Fixtures.terms(
                policy: .nightshift, window: .hours(10),
                offers: [Fixtures.spot, other].map { Fixtures.priced($0, microdollars: 7_000_000) }
                    + [Fixtures.priced(Fixtures.onDemand, microdollars: 25_000_000)])
            terms.restartOverhead = .minutes(restartMinutes)
            terms.checkpointInterval = .minutes(interval)
            terms.tick = .minutes(tickMinutes)
            let night = try SimulatedNight(
                terms: terms, market: Fixtures.market(spells: [(0, 1000, false)], terms: terms),
                conditions: Fixtures.conditions)
            let launches = night.events.count { if case .launchRequested = $0.kind { true } else { false } }
            #expect(launches == 1, "interval \(interval) min: \(night.outcome as Any)")
        }
    }
}
