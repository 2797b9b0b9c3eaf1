// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// What the simulated world does to training: saves, stalls, notices, restarts by offer, prices.
@Suite struct NightConditionsTests {
    private static func night(
        _ spells: [(from: Int, until: Int, notice: Bool)], terms: NightTerms = Fixtures.terms(),
        _ change: (inout TrainingConditions) -> Void = { _ in }
    ) throws -> SimulatedNight {
        var conditions = Fixtures.conditions
        change(&conditions)
        return try SimulatedNight(
            terms: terms, market: Fixtures.market(spells: spells, terms: terms), conditions: conditions)
    }

    private static func commits(_ night: SimulatedNight) -> [CommittedGeneration] {
        night.events.compactMap { if case .committed(_, let commit) = $0.kind { commit } else { nil } }
    }

    private static func minutes(_ instant: Instant) -> Double { (instant - Fixtures.start).realSeconds / 60 }

    @Test("training stands still while it saves, and only a finished save is durable")
    func stall() throws {
        let night = try Self.night([(0, 700, false)]) { $0.saveTime = .minutes(2) }
        let commits = Self.commits(night)
        // Training from minute 8 on: 12 minutes a unit and two for its save.
        #expect(commits.map { Self.minutes($0.at) } == (1...20).map { 8 + Double($0) * 14 })
        #expect(commits.map(\.units) == (1...20).map(Double.init))
        let model = try #require(night.events.facts.readyAt)
        #expect(Self.minutes(model) == 8 + 20 * 14 + 3)
    }

    @Test("an interruption in the middle of a save loses that save")
    func torn() throws {
        let cut = try Self.night([(0, 8 + 14 + 13, false), (60, 700, false)]) { $0.saveTime = .minutes(2) }
        #expect(Self.restored(cut) == [0, 1])
        let whole = try Self.night([(0, 8 + 14 + 14, false), (60, 700, false)]) { $0.saveTime = .minutes(2) }
        #expect(Self.restored(whole) == [0, 2])
    }

    @Test("at a notice training stops and saves once more, if the save fits")
    func notice() throws {
        let spells = [(from: 0, until: 50, notice: true), (from: 60, until: 700, notice: false)]
        func saving(_ seconds: Int) throws -> SimulatedNight {
            try Self.night(spells) {
                $0.savesOnNotice = true
                $0.saveTime = .seconds(seconds)
            }
        }
        // Training from 8; the notice at 48; saves after 20:30 and 33 and 45:30 hold three units.
        let fitting = try saving(30)
        let last = Self.commits(fitting).filter { Self.minutes($0.at) < 50 }.last
        #expect(last.map { Self.minutes($0.at) } == 48.5)
        #expect(try #require(last).units > 3.2 && #require(last).units < 3.21)
        #expect(Self.restored(fitting) == [0, try #require(last).units])
        let tooSlow = try saving(121)
        #expect(Self.restored(tooSlow) == [0, 2])
        let careless = try Self.night(spells)
        #expect(Self.restored(careless) == [0, 3])
    }

    @Test("a restart takes as long as its own offer says")
    func restarts() throws {
        let night = try Self.night([(0, 700, false)]) { $0.restarts = [Fixtures.spot: .minutes(5)] }
        let starts = night.events.compactMap {
            if case .trainingStarted(_, let start) = $0.kind { Self.minutes(start.at) } else { nil }
        }
        #expect(starts == [5])
    }

    @Test("a change of price reaches the night at the next look and is billed from its minute on")
    func prices() throws {
        let terms = Fixtures.terms()
        var market = Fixtures.market(spells: [(0, 700, false)], terms: terms)
        market.listings[0].prices.append(
            Market.PriceStep(from: .seconds(3630), rate: HourlyRate(microdollars: 9_000_000)))
        let night = try SimulatedNight(terms: terms, market: market, conditions: Fixtures.conditions)
        let told = night.events.compactMap { event -> Double? in
            if case .priced(let priced) = event.kind {
                priced.rate.microdollars == 9_000_000 ? Self.minutes(event.at) : nil
            } else {
                nil
            }
        }
        #expect(told == [61])
        // 8 + 20 · 12 + 3 minutes on Spot, cut at 60:30.
        let exact =
            HourlyRate(microdollars: 7_575_386).cost(of: .seconds(3630))
            + HourlyRate(microdollars: 9_000_000).cost(of: .minutes(251) - .seconds(3630))
        #expect(night.events.facts.cost == exact)
    }

    @Test("the world as the terms promise it trains an undisturbed night in the expected runtime, saves among it")
    func promised() throws {
        let terms = Fixtures.terms()
        let conditions = TrainingConditions(asPromised: terms, saveTime: .seconds(30))
        let night = try SimulatedNight(
            terms: terms, market: Fixtures.market(spells: [(0, 700, false)]), conditions: conditions)
        let ready = try #require(night.events.facts.readyAt)
        let promised = terms.start + terms.restartOverhead + terms.expectedRuntime + terms.uploadTime
        #expect(abs((ready - promised).milliseconds) <= 1)
    }

    private static func restored(_ night: SimulatedNight) -> [Double] {
        night.events.compactMap { if case .trainingStarted(_, let start) = $0.kind { start.units } else { nil } }
    }
}
