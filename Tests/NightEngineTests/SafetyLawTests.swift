// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// The law of the safety net: while the world keeps what the promise names, no deadline that was accepted is missed,
/// whatever the market does and whenever within a tick the shell looks.
@Suite struct SafetyLawTests {
    @Test(arguments: PolicyName.plain + [.spotUntil(.hours(2))])
    func `no accepted deadline is missed`(policy: PolicyName) throws {
        for seed in UInt64(0)..<150 { try check(policy, seed) }
    }

    private func check(_ policy: PolicyName, _ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        // Without a margin the law is exact: one tick too late is a miss.
        let base = Fixtures.terms(policy: policy, margin: .zero)
        // From just possible to twice as long as needed.
        let least = base.start - base.latestSafeSwitch(workLeft: base.expectedRuntime) + (base.deadline - base.start)
        var terms = Fixtures.terms(
            policy: policy, window: least + .minutes(random.below(300)), margin: .zero,
            offers: Self.offers(&random))
        // Limits that on-demand alone fits into, by a little or by much.
        if let onDemand = terms.onDemand, random.below(2) == 0 {
            terms.maxRun =
                terms.restartOverhead + terms.expectedRuntime + terms.uploadTime + .minutes(2 + random.below(200))
            terms.budget =
                onDemand.rate.cost(of: terms.restartOverhead + terms.expectedRuntime + terms.uploadTime)
                + Money(microdollars: Int64(2_000_000 + random.below(60_000_000)))
        }
        let conditions = TrainingConditions(
            secondsPerUnit: 720 * (random.below(3) == 0 ? 0.8 : 1),
            restart: random.below(2) == 0 ? terms.restartOverhead : .minutes(2), upload: terms.uploadTime,
            // The job may save less often than it says, or only at its end: the promise does not rest on it.
            unitsPerCheckpoint: [0.5, 1, 4, 20][random.below(4)])
        let market = Market(
            priceAsOf: "2026-09-01", priceSource: "a test",
            listings: terms.offers.map { priced in
                Market.Listing(
                    offer: priced.offer, prices: Self.prices(&random, priced),
                    supply: priced.offer.purchase == .onDemand
                        ? .waits([random.below(2) == 0 ? terms.onDemandWait : .minutes(1)])
                        : .spells(Self.spells(&random, terms)))
            })
        let night = try VirtualNight(terms: terms, market: market, conditions: conditions) { longest in
            random.below(4) == 0 ? longest : .milliseconds(1 + Int64(random.uniform() * longest.realSeconds * 1000))
        }
        let replay = "policy \(policy.rawValue), seed \(seed)"
        guard case .completed(_, late: false)? = night.outcome else {
            Issue.record("\(replay): \(night.outcome as Any)")
            return
        }
        #expect(night.leftBehind.isEmpty, "\(replay)")
    }

    /// One Spot pool or two.
    private static func offers(_ random: inout SplitMix64) -> [PricedOffer] {
        let second = Fixtures.offer(.spot, zone: "eu-west-1b")
        return [Fixtures.priced(Fixtures.spot, microdollars: 7_575_386)]
            + (random.below(2) == 0 ? [Fixtures.priced(second, microdollars: 8_000_000)] : [])
            + [Fixtures.priced(Fixtures.onDemand, microdollars: 25_251_286)]
    }

    /// Spot's changes now and then, so that the order of the pools does; on-demand's stays, for a budget is counted on it.
    private static func prices(_ random: inout SplitMix64, _ priced: PricedOffer) -> [Market.PriceStep] {
        var steps = [Market.PriceStep(from: .zero, rate: priced.rate)]
        guard priced.offer.purchase == .spot else { return steps }
        for change in 1...3 {
            let rate = HourlyRate(microdollars: Int64(5_000_000 + random.below(8_000_000)))
            steps.append(Market.PriceStep(from: .hours(change) + .minutes(random.below(60)), rate: rate))
        }
        return steps
    }

    /// By the model, or by an adversary that gives short spells which end just before a checkpoint.
    private static func spells(_ random: inout SplitMix64, _ terms: NightTerms) -> [Market.Spell] {
        if random.below(2) == 0 {
            return SpellModel(
                seed: random.next(), upScale: 1, downScale: 1, noticeShare: 0.5, notice: .seconds(120)
            ).spells(through: .hours(16))
        }
        var spells: [Market.Spell] = []
        var time = Duration.zero
        while time < .hours(16) {
            let until = time + terms.restartOverhead + terms.checkpointInterval - .seconds(random.below(120))
            spells.append(Market.Spell(from: time, until: until, notice: random.below(2) == 0 ? .seconds(120) : nil))
            time = until + .minutes(random.below(8))
        }
        return spells
    }

    @Test func `the same market and seed give the same events to the byte`() throws {
        let spells = SpellModel(seed: 7, upScale: 1, downScale: 1, noticeShare: 0.5, notice: .seconds(120))
            .spells(through: .hours(12))
        var market = Fixtures.market(spells: [])
        market.listings[0].supply = .spells(spells)
        let nights = try (0..<2).map { _ in
            try VirtualNight(terms: Fixtures.terms(), market: market, conditions: Fixtures.conditions).events
        }
        #expect(try JSONBytes.of(nights[0]) == JSONBytes.of(nights[1]))
        #expect(nights[0].count > 20)
    }
}
