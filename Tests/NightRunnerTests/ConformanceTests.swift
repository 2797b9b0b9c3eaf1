// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// The fake is held to the same law as a cloud.
@Suite struct ConformanceTests {
    @Test(arguments: BackendConformance.Rule.allCases, [PurchaseOption.spot, .onDemand])
    func `the backend in memory holds the law of backends`(
        rule: BackendConformance.Rule, purchase: PurchaseOption
    ) async throws {
        let suite = BackendConformance(step: .minutes(1), patience: 100) {
            let terms = Fixtures.terms()
            let clock = ManualNightClock(terms.start)
            var market = Fixtures.market(spells: [(0, 600, true)], terms: terms)
            for index in market.listings.indices {
                market.listings[index].prices.append(
                    Market.PriceStep(from: .minutes(7), rate: HourlyRate(microdollars: 1_000_001)))
            }
            let backend = MemoryBackend(terms: terms, market: market, conditions: Fixtures.conditions, clock: clock)
            return BackendConformance.Site(
                backend: backend,
                order: { key, epoch, notAfter in
                    LaunchOrder(
                        key: key, night: terms.night, epoch: epoch, offer: Fixtures.offer(purchase),
                        rate: HourlyRate(microdollars: 1), notAfter: clock.trueTime + notAfter, expectedGeneration: nil)
                },
                now: { clock.trueTime }, pass: { clock.advance(by: $0) })
        }
        #expect(try await suite.complaints(about: rule) == [])
    }

    @Test func `the world refuses nonsense`() throws {
        let terms = Fixtures.terms()
        var world = SimulatedWorld(
            terms: terms, market: Fixtures.market(spells: [(0, 700, false)]), conditions: Fixtures.conditions)
        func order(_ epoch: Int, notAfter: Duration = .hours(9)) -> LaunchOrder {
            LaunchOrder(
                key: "n-a\(epoch)", night: "n", epoch: epoch, offer: Fixtures.spot, rate: HourlyRate(microdollars: 1),
                notAfter: terms.start + notAfter, expectedGeneration: nil)
        }
        #expect(world.launch(order(1), at: terms.start) == .launched)
        #expect(world.launch(order(1), at: terms.start) == .launched)
        #expect(world.nonsense == [])
        _ = world.launch(order(1, notAfter: .hours(1)), at: terms.start)
        #expect(world.launch(order(2), at: terms.start) == .launched)
        _ = world.launch(order(3), at: terms.start)
        _ = world.launch(order(4), at: terms.end)
        #expect(
            world.nonsense == [
                "two different orders under the key n-a1", "n-a3 beside n-a1 and n-a2",
                "n-a4 is launched after the night's end",
            ])
        world.stop("never launched", at: terms.start)
        #expect(world.keys == ["n-a1", "n-a2"])
    }
}
