// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// Nights in ticks leave the record out. What they come to must be what whole nights come to.
@Suite struct AgreementTests {
    @Test(arguments: [
        PolicyName.greedy, .uniformProgress, .uniformProgressWithoutHysteresis, .spotUntil(.hours(2)), .nightshift,
    ])
    func `nights in ticks and whole nights cost the same`(policy: PolicyName) throws {
        var terms = Fixtures.terms(policy: policy, window: .hours(7), margin: .zero)
        terms.retryInterval = terms.tick
        let net = terms.safetyNet
        let rates = terms.offers.map(\.rate)
        var night = TickNight(
            tick: terms.tick.milliseconds, work: terms.expectedRuntime.milliseconds,
            deadline: (terms.deadline - terms.uploadTime - terms.start).milliseconds,
            restartOverhead: terms.restartOverhead.milliseconds, spotRates: [rates[0].microdollars],
            onDemandRate: rates[1].microdollars)
        night.onDemandWait = terms.onDemandWait.milliseconds
        night.checkpointInterval = terms.checkpointInterval.milliseconds
        night.overlapsMoves = true
        var simulator = TickSimulator(night, .net(net))
        let conditions = TrainingConditions(
            secondsPerUnit: 720, restart: terms.restartOverhead, upload: terms.uploadTime, unitsPerCheckpoint: 1)
        var (inTicks, whole) = (0.0, 0.0)
        for seed in UInt64(0)..<60 {
            let spells = SpellModel(seed: seed, upScale: 1, downScale: 1, noticeShare: 0, notice: .zero)
                .spells(through: .hours(12))
            var market = Fixtures.market(spells: [], onDemandWait: terms.onDemandWait, terms: terms)
            market.listings[0].supply = .spells(spells)
            let record = try SimulatedNight(terms: terms, market: market, conditions: conditions, behind: net).events
            // Upload is paid on whatever trained last, and is not in the ticks.
            whole += record.facts.onSpot.realSeconds * Double(rates[0].microdollars)
            whole += record.facts.onDemand.realSeconds * Double(rates[1].microdollars)
            let outcome = simulator.play(ticks: 12 * 60) { _, tick, _ in
                let listing = market.listings[0]
                return listing.spell(at: .minutes(tick)) != nil
            }
            #expect(!outcome.isLate(night), "seed \(seed)")
            inTicks += Double(outcome.spotTicks[0]) * 60 * Double(rates[0].microdollars)
            inTicks += Double(outcome.onDemandTicks) * 60 * Double(rates[1].microdollars)
        }
        #expect(abs(inTicks / whole - 1) < 0.05, "\(inTicks / whole)")
    }
}
