// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// Markets cut out of traces.
@Suite struct NightTraceTests {
    private static func trace(_ ticks: String, gap: Int = 1800, name: String = "a") throws -> AvailabilityTrace {
        try TraceText(Array("\(name) \(gap) \(ticks)\n".utf8), file: "t").trace(window: nil, nodes: 1)
    }

    private static func nights(
        _ traces: [AvailabilityTrace], terms: NightTerms, share: Double = 0
    ) throws -> TraceNights {
        let spot = terms.offers.map(\.offer).filter { $0.purchase == .spot }
        return try TraceNights(
            ZoneTraces(traces), for: Dictionary(uniqueKeysWithValues: spot.enumerated().map { ($1, $0) }),
            base: Fixtures.market(spells: [], terms: terms), terms: terms,
            notices: TraceNights.Notices(share: share, seed: 7))
    }

    private static func spells(_ market: Market, _ index: Int = 0) -> [Market.Spell] {
        if case .spells(let spells) = market.listings[index].supply { spells } else { [] }
    }

    @Test("starts lie evenly over the trace, and the last night still ends within it")
    func starts() throws {
        let terms = Fixtures.terms(window: .hours(8))
        // 40 half hours; a night takes 16 of them.
        let nights = try Self.nights([Self.trace(String(repeating: "10", count: 20))], terms: terms)
        #expect((0..<5).map { nights.start(of: $0, among: 5) } == [0, 6, 12, 18, 24])
        #expect(nights.start(of: 0, among: 1) == 0)
        #expect(nights.start(of: 99, among: 100) == 24)
    }

    @Test("a spell is a run of ticks with capacity, in the night's own time")
    func runs() throws {
        let terms = Fixtures.terms(window: .hours(8))
        let nights = try Self.nights([Self.trace("0110" + String(repeating: "1", count: 20))], terms: terms)
        let expected = [
            Market.Spell(from: .minutes(30), until: .minutes(90), notice: nil),
            Market.Spell(from: .minutes(120), until: .hours(10), notice: nil),
        ]
        #expect(Self.spells(nights.market(of: 0, among: 9)) == expected)
        // One tick later; a machine that runs at the trace's end is cut there.
        #expect(Self.spells(nights.market(of: 1, among: 9)).first?.from == .zero)
        #expect(
            Self.spells(nights.market(of: 8, among: 9)) == [
                Market.Spell(from: .zero, until: .hours(8), notice: nil)
            ])
    }

    @Test("zones of one night are cut at the same time, and prices stay")
    func zones() throws {
        let spots = ["eu-west-1a", "eu-west-1b"].map {
            Fixtures.priced(Fixtures.offer(.spot, zone: $0), microdollars: 7)
        }
        let terms = Fixtures.terms(offers: spots + [Fixtures.priced(Fixtures.onDemand, microdollars: 25)])
        let ticks = String(repeating: "1100", count: 8)
        let opposite = String(ticks.map { $0 == "1" ? "0" : "1" })
        let nights = try Self.nights([Self.trace(ticks), Self.trace(opposite, name: "b")], terms: terms)
        for night in 0..<6 {
            let market = nights.market(of: night, among: 6)
            for minute in stride(from: 0, to: 480, by: 15) {
                let there = [0, 1].map { market.listings[$0].spell(at: .minutes(minute)) != nil }
                #expect(there[0] != there[1], "night \(night), minute \(minute)")
            }
            #expect(market.listings.map(\.prices) == Fixtures.market(spells: [], terms: terms).listings.map(\.prices))
        }
    }

    @Test("the share of notices is drawn, and the same each time")
    func notices() throws {
        let terms = Fixtures.terms(window: .hours(8))
        let trace = try Self.trace(String(repeating: "10", count: 400), gap: 300)
        let half = try Self.nights([trace], terms: terms, share: 0.5)
        let spells = (0..<10).flatMap { Self.spells(half.market(of: $0, among: 10)) }
        let noticed = spells.count { $0.notice == .seconds(120) }
        #expect(spells.count > 400 && (spells.count * 4 / 10...spells.count * 6 / 10).contains(noticed))
        #expect(half.market(of: 3, among: 10) == half.market(of: 3, among: 10))
        let all = try Self.nights([trace], terms: terms, share: 1)
        #expect(Self.spells(all.market(of: 0, among: 1)).allSatisfy { $0.notice == .seconds(120) })
    }

    @Test("a trace that is shorter than a night is refused")
    func short() throws {
        let terms = Fixtures.terms(window: .hours(8))
        let trace = try Self.trace(String(repeating: "1", count: 15))
        let error = #expect(throws: TraceProblems.self) { try Self.nights([trace], terms: terms) }
        #expect(error?.description.contains("t#a: from tick 0 on it holds 7.5 h, but the night takes 8 h") == true)
    }
}
