// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import NightshiftTesting
@testable import Reports
import SpotMarket
import Testing
import TrainingJobs

/// What people and programs are shown of studies and replays.
@Suite struct NightStudyViewTests {
    private static func facts(_ policy: PolicyName, _ cents: Int64, onTime: Bool = true) -> NightFacts {
        NightFacts(
            night: "recommender-2026-11-24", policy: policy, cost: Money(microdollars: cents * 10_000),
            isOnTime: onTime,
            outcome: nil, readyAt: Fixtures.start + .hours(6), interruptions: 2, redone: .seconds(400), restarts: 2,
            onSpot: .hours(4), onDemand: .minutes(20), waiting: .zero)
    }

    private static func report(markets: [String] = ["as a test has it"]) -> SimulationReport {
        let terms = Fixtures.terms()
        var conditions = TrainingConditions(asPromised: terms, saveTime: .seconds(10))
        conditions.restarts = [Fixtures.onDemand: .minutes(6)]
        let greedy = PolicyResult(.greedy, [3000, 4000, 5000, 6000].map { facts(.greedy, $0, onTime: $0 < 6000) })
        let onDemand = PolicyResult(.onDemandOnly, [10000, 10000, 10000, 10000].map { facts(.onDemandOnly, $0) })
        return SimulationReport(
            terms: terms, conditions: conditions, nodes: 2, markets: markets, results: [greedy, onDemand],
            onDemand: onDemand, optimum: Money(microdollars: 30_000_000))
    }

    @Test("the table names every figure, the intervals and what it rests on")
    func view() {
        let expected = """
            recommender: 4 simulated nights, 00:00 to 08:00 Europe/Dublin (8 h)

             policy        mean      p10      p50      p90  of on-demand  of optimum  on time         95 %  interruptions  redone  on Spot  on on-demand
             greedy      $45.00   $30.00   $40.00   $60.00         0.450       1.500   3 of 4  30.1–95.4 %            2.0   6 min   4 h 00        20 min
             on-demand  $100.00  $100.00  $100.00  $100.00         1.000       3.333   4 of 4     51–100 %            2.0   6 min   4 h 00        20 min

             on-demand from the start costs $100.00 a night; with the whole market known beforehand, none costs less than $30.00
             a night that is not on time counts with what it cost until then, so read its policy's costs with the share on time

             market    as a test has it
             gang      2 machines together or none, and paid together
             training  4 h undisturbed; a save every 12 min stops it for 10 s; a restart takes 10 min, 6 min on ml.p4d.24xlarge eu-west-1a on-demand; the upload takes 4 min
             notices   at a notice the script saves once more, if the time is enough
             beliefs   policies that believe a law of Spot believe the shipped one
             not modelled:
               a Spot machine is there at once or not at all; boot and download are in the restart
               training never fails, hangs or slows down, and is as fast on every offer
               no quota, no throttling, no gate, and the backend always answers
               the nights of one study share their traces or their law: a year with another market costs something else

            """
        let text = SimulationView(Self.report()).text
        for (line, wanted) in zip(text.split(separator: "\n"), expected.split(separator: "\n")) {
            #expect(line == wanted)
        }
        #expect(text == expected)
    }

    @Test("without an on-demand price no ratio is made up")
    func unpriced() {
        var report = Self.report()
        report.onDemand = nil
        report.optimum = nil
        let text = SimulationView(report).text
        #expect(
            text.contains("$40.00   $60.00     not found   not found")
                && text.contains("no on-demand offer: nothing keeps"))
        #expect(SimulationDocument(report).policies[0].ofOnDemand == nil)
        report.terms.marketModels = []
        #expect(SimulationView(report).text.contains("believe what this project has fitted"))
    }

    @Test("nothing is measured against an on-demand that does not keep the deadline either")
    func lateOnDemand() {
        var report = Self.report()
        report.onDemand = PolicyResult(.onDemandOnly, (0..<4).map { Self.facts(.onDemandOnly, 0, onTime: $0 == 0) })
        let text = SimulationView(report).text
        #expect(
            text.contains("on-demand from the start is not on time in 3 of 4 nights, so nothing is measured against it")
        )
        #expect(SimulationDocument(report).policies[0].ofOnDemand == nil)
    }

    @Test("the document has a version, and the same figures")
    func document() throws {
        let text = try NightJSON.text(SimulationDocument(Self.report()))
        let document = try NightJSON.document(SimulationDocument.self, from: text)
        #expect(document.schemaVersion == 1 && document.nights == 4 && document.deadlines == nil)
        #expect(document.policies[0].meanCost.text == "$45.00" && document.policies[0].onTime == 3)
        #expect(document.policies[0].ofOptimum == 1.5 && document.optimumMeanCost?.text == "$30.00")
        #expect(document.policies[0].meanRedoneSeconds == 400 && document.assumptions["training"] != nil)
    }

    @Test("the page and the picture are the same each time, escape what is from outside, and mark late nights")
    func pictures() async throws {
        let terms = Fixtures.terms()
        let conditions = TrainingConditions(asPromised: terms, saveTime: .seconds(10))
        let market = Fixtures.market(spells: [(0, 120, true), (200, 700, false)], terms: terms)
        let study = NightStudy(terms, under: conditions, width: 2) { _ in market }
        var report = Self.report(markets: ["<script>alert(1)</script>\u{1b}[2J"])
        report.sweep = try await study.sweep(terms.sweptWindows(3), of: [.greedy, .onDemandOnly], nights: 1)
        report.courses = try [.greedy, .onDemandOnly].map { try study.events(of: $0, night: 0) }
        let (page, picture) = (SimulationPage(report).html, SimulationSVG(report).text)
        #expect(page == SimulationPage(report).html && picture == SimulationSVG(report).text)
        #expect(page.contains(picture) && !page.contains("<script") && page.contains("&lt;script&gt;"))
        #expect(!page.unicodeScalars.contains("\u{1b}"))
        #expect(picture.contains("greedy") && picture.contains("$50") && picture.contains("even pace"))
        #expect(!picture.contains("some nights late") && !picture.contains("nan") && !picture.contains("inf\""))
        report.sweep[0] = DeadlinePoint(
            window: report.sweep[0].window, results: [PolicyResult(.greedy, [Self.facts(.greedy, 9, onTime: false)])])
        #expect(SimulationSVG(report).text.contains("some nights late"))
    }

    @Test(
        "ticks are round, within their range, and no more than asked for",
        arguments: [
            (0.0...10.0, 5), (4.9...10.9, 6), (0.0...0.003, 5), (0.0...123_456.0, 4), (3.0...3.0, 5),
        ])
    func ticks(range: ClosedRange<Double>, most: Int) {
        let ticks = SimulationPlot.ticks(range, most: most)
        #expect(ticks.count <= most + 1)
        #expect(ticks.allSatisfy { range.contains($0) || abs($0 - range.upperBound) < 1e-6 })
        #expect(range.lowerBound == range.upperBound ? ticks.isEmpty : ticks.count >= 2)
    }

    @Test("a replay shows what was done, what would have been, and what is not known")
    func replay() throws {
        let terms = Fixtures.terms()
        let events = try SimulatedNight(
            terms: terms, market: Fixtures.market(spells: [(0, 100, false)], terms: terms),
            conditions: Fixtures.conditions
        ).events
        let replay = try #require(NightReplay(of: events))
        var night = try ReplayReport.Night(replay, under: [.greedy, .onDemandOnly])
        night.unseen = [Fixtures.spot]
        let report = ReplayReport(
            policies: [.greedy, .onDemandOnly], changes: ["the deadline 07:00"], nights: [night, night])
        let text = ReplayView(report).text
        #expect(text.hasPrefix("2 nights replayed with the deadline 07:00\n"))
        #expect(text.contains("greedy, as it was") && text.contains("as they were") && text.contains("2 of 2"))
        #expect(
            text.contains(
                "never asked for in some of these nights, and taken as absent there: ml.p4d.24xlarge eu-west-1a spot"))
        let difference = night.replays[1].cost - night.real.cost
        #expect(difference > .zero && text.contains("+\(difference.text)"))
        let document = try NightJSON.document(ReplayDocument.self, from: NightJSON.text(ReplayDocument(report)))
        #expect(document.nights.count == 2 && document.nights[0].replays[1].difference.dollars == difference.dollars)
        #expect(document.nights[0].real.regret?.dollars == night.bound.map { (night.real.cost - $0).dollars })
        #expect(document.nights[0].unseen == [Fixtures.spot] && document.changes == ["the deadline 07:00"])
    }
}
