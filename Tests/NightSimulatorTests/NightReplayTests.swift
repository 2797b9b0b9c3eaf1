// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// Past nights from their records: the market that can be known, and the same night again.
@Suite struct NightReplayTests {
    private static let policies: [PolicyName] = [.greedy, .uniformProgress, .onDemandOnly, .spotUntil(.hours(3))]

    private static func conditions(_ change: (inout TrainingConditions) -> Void = { _ in }) -> TrainingConditions {
        var conditions = Fixtures.conditions
        conditions.tellsFractions = true
        conditions.savesOnNotice = true
        conditions.saveTime = .seconds(30)
        change(&conditions)
        return conditions
    }

    private static func night(
        _ market: Market, _ terms: NightTerms, _ conditions: TrainingConditions = conditions()
    ) throws -> [NightEvent] {
        try SimulatedNight(terms: terms, market: market, conditions: conditions).events
    }

    @Test("a night that is recorded and replayed under its own policy takes the same course", arguments: policies)
    func sameCourse(policy: PolicyName) throws {
        let terms = Fixtures.terms(policy: policy)
        for seed in UInt64(0)..<60 {
            var market = Fixtures.market(spells: [], terms: terms)
            market.listings[0].supply = .spells(
                SpellModel(seed: seed, upScale: 1, downScale: 1, noticeShare: 0.5, notice: .seconds(120))
                    .spells(through: .hours(12)))
            market.listings[1].supply = .waits([.minutes(7), .minutes(13)])
            let events = try Self.night(market, terms)
            let replay = try #require(NightReplay(of: events))
            let again = try replay.events(under: policy)
            let difference = zip(events, again).first { $0 != $1 }
            #expect(difference == nil && events.count == again.count, "\(policy.rawValue), seed \(seed)")
            if difference != nil { return }
        }
    }

    @Test("what was seen is up or down as it was; between two sightings the middle parts them")
    func middle() throws {
        // Greedy asks at 0, 3 … 39 in vain, is taken at 42, loses the machine at 100, is refused at 103, 106 …
        let terms = Fixtures.terms()
        let events = try Self.night(Fixtures.market(spells: [(40, 100, true), (120, 700, false)], terms: terms), terms)
        let observed = try #require(ObservedMarket(events))
        guard case .spells(let spells) = observed.market.listings[0].supply else { Issue.record("no spells"); return }
        #expect(spells.count == 2)
        #expect(spells[0] == Market.Spell(from: .seconds(40 * 60 + 30), until: .minutes(100), notice: .seconds(120)))
        #expect(spells[1].from == .seconds(119 * 60 + 30) && spells[1].notice == nil)
        // Until the model was there; then nobody looked, and the last state holds.
        #expect(spells[1].until == terms.end - terms.start)
        let ready = try #require(events.facts.readyAt)
        let expected = (ready - terms.start).realSeconds / (terms.deadline - terms.start).realSeconds
        #expect(abs(observed.knownShare - expected) < 0.003)
        #expect(observed.unseen.isEmpty)
    }

    @Test("an offer that nobody asked for is unknown, and counts as absent")
    func unseen() throws {
        let terms = Fixtures.terms(policy: .onDemandOnly)
        let events = try Self.night(Fixtures.market(spells: [(0, 700, false)], terms: terms), terms)
        let replay = try #require(NightReplay(of: events))
        #expect(replay.observed.unseen == [Fixtures.spot] && replay.observed.knownShare == 0)
        let greedy = try replay.events(under: .greedy)
        #expect(greedy.facts.onSpot == .zero && greedy.facts.isOnTime)
    }

    @Test("a change of price is found at the minute from which it was billed")
    func prices() throws {
        let terms = Fixtures.terms()
        var market = Fixtures.market(spells: [(0, 700, false)], terms: terms)
        market.listings[0].prices.append(
            Market.PriceStep(from: .seconds(3630), rate: HourlyRate(microdollars: 9_000_000)))
        let observed = try #require(ObservedMarket(try Self.night(market, terms)))
        #expect(observed.market.listings.map(\.prices) == market.listings.map(\.prices))
    }

    @Test("pace, saves, restarts and upload are read from what the machines told")
    func training() throws {
        let terms = Fixtures.terms()
        let conditions = Self.conditions {
            $0.secondsPerUnit = 650
            $0.restarts = [Fixtures.onDemand: .minutes(5)]
            $0.unitsPerCheckpoint = 2
        }
        let events = try Self.night(Fixtures.market(spells: [(0, 120, true)], terms: terms), terms, conditions)
        let read = TrainingConditions(observedIn: events, of: terms)
        #expect(read.secondsPerUnit == 650 && read.unitsPerCheckpoint == 2)
        #expect(read.saveTime == .seconds(30) && read.upload == conditions.upload && read.savesOnNotice)
        #expect(read.restarts == [Fixtures.spot: .minutes(8), Fixtures.onDemand: .minutes(5)])
    }

    @Test("another deadline, another interval and other zones change the replay and nothing else")
    func changes() throws {
        let zones = ["eu-west-1a", "eu-west-1b"]
        let spots = zones.map { Fixtures.priced(Fixtures.offer(.spot, zone: $0), microdollars: 7_000_000) }
        let terms = Fixtures.terms(offers: spots + [Fixtures.priced(Fixtures.onDemand, microdollars: 25_000_000)])
        let events = try Self.night(Fixtures.market(spells: [(0, 200, false), (230, 700, false)], terms: terms), terms)
        var change = NightReplay.Change()
        change.deadline = terms.start + .hours(6)
        change.zones = ["eu-west-1b"]
        change.checkpointInterval = .minutes(24)
        let replay = try #require(NightReplay(of: events, with: change))
        #expect(replay.terms.deadline == terms.start + .hours(6) && replay.terms.end == terms.end)
        #expect(replay.terms.offers.map(\.offer.zone) == ["eu-west-1b", "eu-west-1a"])
        #expect(replay.terms.offers.map(\.offer.purchase) == [.spot, .onDemand])
        #expect(replay.conditions.unitsPerCheckpoint == 2)
        #expect(replay.real == events.facts)
        change.deadline = terms.start + .hours(12)
        let later = try #require(NightReplay(of: events, with: change))
        #expect(later.terms.end - later.terms.deadline == terms.end - terms.deadline)
    }

    @Test("no policy costs less than the bound of hindsight", arguments: policies)
    func bound(policy: PolicyName) throws {
        let terms = Fixtures.terms(policy: policy)
        for seed in UInt64(0)..<40 {
            var market = Fixtures.market(spells: [], terms: terms)
            market.listings[0].supply = .spells(
                SpellModel(seed: seed, upScale: 1, downScale: 1, noticeShare: 0.5, notice: .seconds(120))
                    .spells(through: .hours(12)))
            let conditions = TrainingConditions(asPromised: terms, saveTime: .seconds(10))
            let events = try Self.night(market, terms, conditions)
            let bound = try #require(HindsightBound(terms, under: conditions).cost(in: market))
            #expect(bound <= events.facts.cost, "\(policy.rawValue), seed \(seed)")
            #expect(bound > .zero)
        }
    }
}
