// SPDX-License-Identifier: Apache-2.0

import NightRunner
import NightshiftTesting
import SpotMarket
import Synchronization
import Testing
import TrainingJobs

/// Everything at once, from one seed: any market, any policy, a cloud that fails now and then, runners that die.
@Suite struct RandomFaultTests {
    @Test(arguments: 0..<4)
    func `no schedule of faults and deaths breaks a law`(part: UInt64) async throws {
        try await Bench.withJournal { journal in
            for seed in (part * 50)..<(part * 50 + 50) { try await play(seed, journal) }
        }
    }

    private func play(_ seed: UInt64, _ journal: Journal) async throws {
        var random = SplitMix64(seed: seed)
        let policy = [PolicyName.onDemandOnly, .greedy, .uniformProgress][random.below(3)]
        let budget = random.below(4) == 0 ? Money(microdollars: Int64(5_000_000 + random.below(40_000_000))) : nil
        let night = "seed-\(seed)"
        let terms = Fixtures.shortTerms(
            night: night, units: 4, window: .minutes(100 + random.below(150)), budget: budget, policy: policy)
        let spells = SpellModel(
            seed: random.next(), upScale: 0.5, downScale: 0.3, noticeShare: 0.5, notice: .seconds(120)
        ).spells(through: .hours(6))
        let wait = Duration.minutes(random.below(20))
        var market = Fixtures.market(spells: [], onDemandWait: wait, terms: terms)
        market.listings[0].supply = .spells(spells)
        market.listings[0].prices.append(
            Market.PriceStep(from: .minutes(random.below(90)), rate: HourlyRate(microdollars: 9_123_457)))
        let faulty = Double(random.below(5)) / 10
        let chance = Mutex(SplitMix64(seed: random.next()))
        let bench = try RunnerBench(
            terms: terms, market: market, conditions: Fixtures.conditions, journal: journal, job: Bench.job
        ) { call, _ in
            chance.withLock { chance in
                guard chance.uniform() < faulty else { return nil }
                let any = [
                    MemoryBackend.Fault.failBefore, .failAfter, .swallowed, .answer(.noCapacity), .answer(.throttled),
                ]
                let fault = any[chance.below(any.count)]
                switch (call, fault) {
                // A launch that was taken is never denied: that is the law of backends.
                case (.launch, .swallowed), (.launch, .answer): return nil
                default: return fault
                }
            }
        }
        let deaths = Mutex(SplitMix64(seed: random.next()))
        let deadly = random.below(2) == 0 ? 0.02 : 0
        var lives = 0
        var outcome: NightOutcome?
        while outcome == nil {
            lives += 1
            let mortal = lives < 30
            outcome = try await bench.live { mortal && deaths.withLock { $0.uniform() } < deadly }
            // Nobody may be there for a while.
            if outcome == nil { bench.clock.advance(by: .minutes(deaths.withLock { $0.below(6) })) }
        }
        let replay = "seed \(seed): \(outcome as Any)"
        #expect(try await bench.complaints() == [], "\(replay)")
        let spent = Bill(try bench.events()).total(at: terms.end)
        // Nobody stops a machine at the budget while nobody is there, or while its stop is lost.
        if let budget, deadly == 0, faulty == 0 { #expect(spent <= budget, "\(replay)") }
        if budget == nil, deadly == 0, faulty == 0, terms.latestSafeSwitch >= terms.start {
            guard case .completed(_, late: false)? = outcome else { Issue.record("\(replay)"); return }
        }
    }
}
