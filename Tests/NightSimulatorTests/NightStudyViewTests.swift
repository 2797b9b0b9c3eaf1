// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightSimulator
import NightshiftTesting
@testable import Reports
import SpotMarket
import Testing
import TrainingJobs

/// What people and programs are shown of studies and replays.
@Suite struct NightStudyViewTests {
    private static func facts(
        _ policy: PolicyName, _ cents: Int64, onTime: Bool = true, kept: KeptReason? = nil
    ) -> NightFacts {
        NightFacts(
            night: "recommender-2026-11-24", policy: policy, cost: Money(microdollars: cents * 10_000),
            isOnTime: onTime,
            outcome: kept.map { .keptPrevious($0) }, readyAt: Fixtures.start + .hours(6), interruptions: 2,
            redone: .seconds(400), restarts: 2,
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

    @Test("a policy with a night that made no model says how many and why, and has neither ratios nor percentiles")
    func withoutModel() {
        var report = Self.report()
        report.results[0] = PolicyResult(
            .greedy,
            [.budget, .maxRun, .budget, nil].map { Self.facts(.greedy, 3000, onTime: $0 == nil, kept: $0) })
        let lines = SimulationView(report).text.split(separator: "\n")
        #expect(lines[1].contains("95 %") && lines[1].contains("no model  interruptions"))
        #expect(
            lines[2].contains("$30.00        –        –        –             –           –   1 of 4"), "\(lines[2])")
        #expect(lines[2].contains("3 of 4: 2 budget, 1 maxRun"))
        #expect(lines[3].contains("  1.000       3.333   4 of 4") && lines[3].contains("     0            2.0"))
        #expect(lines.contains { $0.contains("has no percentiles and no ratios (–)") })
        let policy = SimulationDocument(report).policies[0]
        #expect(policy.withoutModel == 3 && policy.withoutModelReasons == ["budget": 2, "max-run": 1])
        #expect(policy.ofOnDemand == nil && policy.ofOptimum == nil && policy.p50Cost == nil && policy.onTimeLow != nil)
        #expect(SimulationDocument(report).policies[1].withoutModel == 0)
    }

    @Test("one night without chance has a cost, and neither percentiles nor an interval")
    func oneNight() {
        let night = PolicyResult(.greedy, [Self.facts(.greedy, 4500)])
        let report = SimulationReport(
            terms: Fixtures.terms(), conditions: Fixtures.conditions, nodes: 1, markets: [], results: [night],
            onDemand: nil, optimum: nil)
        let text = SimulationView(report).text
        #expect(text.contains(" policy    cost  of on-demand") && !text.contains("p50") && !text.contains("95 %"))
        let policy = SimulationDocument(report).policies[0]
        #expect(policy.p10Cost == nil && policy.onTimeHigh == nil && policy.meanCost.text == "$45.00")
    }

    @Test("warnings stand beside the figures, for people and programs")
    func warnings() {
        var report = Self.report()
        report.warnings = ["warning: a\u{1b}[2J test's"]
        #expect(
            SimulationView(report).text.contains("\n warning: a") && !SimulationView(report).text.contains("\u{1b}"))
        #expect(SimulationDocument(report).warnings == report.warnings)
    }

    @Test("each of twenty policies has a line of its own, and on-demand's is the same wherever it stands")
    func styles() {
        let many = (0..<20).map { PolicyName.spotUntil(.minutes($0)) }
        let style = SimulationStyle([.greedy, .onDemandOnly] + many)
        #expect(style.line(1) == SimulationStyle([.onDemandOnly]).line(0) && style.line(1) == "sim-line sim-od")
        let looks = (0..<21).map { index -> String in
            style.css.components(separatedBy: ".ns .sim-\(index){")[1].components(separatedBy: "}")[0]
        }
        #expect(Set(looks).count == 21 && Set((0..<22).map(style.line)).count == 22)
    }

    @Test("the legend names every line, in as many rows as it needs")
    func legend() {
        var report = Self.report()
        let names: [PolicyName] = PolicyName.plain + [.spotUntil(.minutes(120))]
        report.results = names.map { PolicyResult($0, [Self.facts($0, 100)]) }
        let legend = SimulationLegend(report, SimulationStyle(names))
        let drawn = legend.drawn(left: 64, right: 400, top: 10)
        for words in names.map(\.rawValue) + ["even pace", "that night&#39;s deadline"] {
            #expect(drawn.parts.contains { $0.contains(">\(words)</text>") }, "\(words)")
            #expect(legend.html.contains("</svg> \(words)</li>"), "\(words)")
        }
        #expect(drawn.bottom > legend.drawn(left: 64, right: 4000, top: 10).bottom)
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
        #expect(
            picture.contains("<svg") && page.contains("<figure>\n<svg") && !page.contains("<script")
                && page.contains("&lt;script&gt;"))
        #expect(!page.unicodeScalars.contains("\u{1b}"))
        #expect(picture.contains("greedy") && picture.contains("$50") && picture.contains("even pace"))
        #expect(!picture.contains("some nights late") && !picture.contains("nan") && !picture.contains("inf\""))
        let deadlines = try #require(SimulationDocument(report).deadlines)
        for (point, document) in zip(report.sweep, deadlines) where point.results[1].onTime == 1 {
            // Against on-demand with the same deadline, and not with the job's own.
            #expect(document.policies[1].ofOnDemand == 1 && document.policies.allSatisfy { $0.ofOptimum == nil })
        }
        #expect(deadlines.contains { $0.policies[1].ofOnDemand == 1 })
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
        #expect(document.nights[0].real.regret == nil && document.nights[0].replays[0].regret != nil)
        #expect(text.contains("what was really done has none, for it was another night's"))
        let same = ReplayReport(policies: [.greedy, .onDemandOnly], changes: [], nights: [night])
        #expect(
            ReplayDocument(same).nights[0].real.regret?.dollars == night.bound.map { (night.real.cost - $0).dollars })
        #expect(!ReplayView(same).text.contains("has none"))
        #expect(document.nights[0].unseen == [Fixtures.spot] && document.changes == ["the deadline 07:00"])
    }
}
