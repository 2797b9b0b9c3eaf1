// SPDX-License-Identifier: Apache-2.0

import ScriptedNights
import Testing
import TrainingJobs

@Suite struct TimelineTests {
    let terms = ScriptedNights.terms()
    var start: Instant { terms.start }

    private func minutes(_ instant: Instant) -> Double { (instant - start).realSeconds / 60 }

    private func spans(_ spans: [TimelineSpan]) -> [String] {
        spans.map { "\($0.key?.suffix(2) ?? "--") \($0.kind.rawValue) \(minutes($0.from))–\(minutes($0.until))" }
    }

    @Test func `the spans of a night with everything in it`() {
        let timeline = Timeline(ScriptedNights.eventful)
        let end = start + .minutes(494)
        #expect(
            spans(timeline.launchSpans(at: end)) == [
                "a2 pending 24.0–31.0", "a2 restart 31.0–40.0", "a2 training 40.0–113.0",
                "a3 pending 133.0–136.0", "a3 restart 136.0–146.0", "a3 redone 146.0–170.0", "a3 training 170.0–208.0",
                "a4 pending 228.0–230.0", "a4 restart 230.0–240.0", "a4 training 240.0–394.0",
                "a5 pending 354.6–382.0", "a5 restart 382.0–392.0", "a5 redone 392.0–416.0", "a5 training 416.0–493.7",
            ])
        #expect(
            spans(timeline.waitingSpans(at: end)) == [
                "-- waiting 0.0–31.0", "-- waiting 113.0–136.0", "-- waiting 208.0–230.0", "-- waiting 493.7–493.9",
            ])
    }

    @Test func `its sums`() throws {
        let timeline = Timeline(ScriptedNights.eventful)
        let totals = timeline.totals(at: start + .minutes(494))
        #expect(totals.noticedInterruptions == 1)
        #expect(totals.unnoticedInterruptions == 1)
        #expect(totals.restarts == 3)
        #expect(totals.redoneUnits == 4)
        #expect(totals.redone == .minutes(48))
        #expect(totals.restart == .minutes(9 + 10 + 10 + 10))
        #expect(totals.waiting == .minutes(31 + 23 + 22) + .seconds(12))
        #expect(totals.onSpot == .minutes(82 + 72 + 164))
        #expect(totals.onDemand == .minutes(111) + .seconds(42))
        #expect(timeline.readyAt == start + .minutes(492) + .seconds(42))
        #expect(try #require(timeline.margin) == .minutes(47) + .seconds(18))
        #expect(timeline.outcome == .completed(try #require(timeline.model), late: false))
    }

    @Test func `progress falls to what is durable when a machine is lost`() {
        let curve = Timeline(ScriptedNights.eventful).progress
        let fall = curve.filter { $0.at == start + .minutes(113) }
        #expect(fall.map(\.units) == [6, 4])
        let resumed = curve.last { $0.at == start + .minutes(146) }
        #expect(resumed?.units == 4)
        let replaced = curve.filter { $0.at == start + .minutes(394) }
        #expect(replaced.map(\.units) == [14, 12])
        #expect(curve.last?.units == 20)
    }

    @Test func `curves never go back in time, durable work never falls`() {
        let nights = [
            ScriptedNights.eventful, ScriptedNights.cheap, ScriptedNights.late, ScriptedNights.kept(.budget),
        ]
        for timeline in nights.map({ Timeline($0) }) {
            for curve in [timeline.progress, timeline.durable] {
                #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.at <= $1.at })
            }
            #expect(zip(timeline.durable, timeline.durable.dropFirst()).allSatisfy { $0.units <= $1.units })
        }
    }

    @Test func `every instant between begin and end is either waited or run`() {
        for events in [ScriptedNights.eventful, ScriptedNights.cheap, ScriptedNights.late] {
            let timeline = Timeline(events)
            for step in 0..<500 {
                let now = start + .minutes(step) + .seconds(30)
                guard now < events[events.count - 1].at else { break }
                let waited = timeline.waitingSpans(at: now + .seconds(1)).contains { $0.from <= now && now < $0.until }
                let ran = timeline.runningStretches(at: now + .seconds(1)).contains { $0.from <= now && now < $0.until }
                #expect(waited != ran, "minute \(step)")
            }
        }
    }

    @Test func `event by event is the same as all at once`() {
        var timeline = Timeline()
        for event in ScriptedNights.eventful { timeline.apply(event) }
        #expect(timeline == Timeline(ScriptedNights.eventful))
    }

    @Test func `a refused launch leaves a mark and no record`() {
        let timeline = Timeline(ScriptedNights.eventful)
        #expect(!timeline.launches.contains { $0.key.hasSuffix("-a1") })
        #expect(
            timeline.marks.contains {
                if case .refused(_, ScriptedNights.spotC, .noCapacity) = $0.kind { true } else { false }
            })
    }

    @Test func `a launch recorded twice is one launch`() {
        var night = NightScript(terms)
        let key = night.launch(0, ScriptedNights.spotC)
        night.add(1, night.events[1].kind)
        night.run(key, 2)
        #expect(Timeline(night.events).launches.count == 1)
    }

    @Test func `what is told twice counts once`() {
        var night = NightScript(terms)
        let key = night.launch(0, ScriptedNights.spotC)
        night.run(key, 2)
        night.train(key, 5, from: nil, units: 0)
        let once = Timeline(night.events).launches
        night.add(6, night.events[3].kind)
        night.add(7, night.events[4].kind)
        #expect(Timeline(night.events).launches == once)
    }

    @Test func `a platform that restarts by itself gives one launch two attempts`() {
        var night = NightScript(terms)
        let key = night.launch(0, ScriptedNights.spotC)
        night.run(key, 2)
        night.train(key, 10, from: nil, units: 0)
        night.progress(key, [(22, 1), (34, 2), (46, 3)])
        night.commit(key, 35, 1, units: 2)
        night.run(key, 60)
        night.train(key, 70, from: 1, units: 2)
        night.progress(key, [(82, 3), (94, 4)])
        let timeline = Timeline(night.events)
        #expect(timeline.launches.map(\.attempts.count) == [2])
        #expect(
            spans(timeline.launchSpans(at: night.at(94))) == [
                "a1 pending 0.0–2.0", "a1 restart 2.0–10.0", "a1 training 10.0–60.0", "a1 restart 60.0–70.0",
                "a1 redone 70.0–82.0", "a1 training 82.0–94.0",
            ])
        #expect(timeline.totals(at: night.at(94)).redoneUnits == 1)
    }

    @Test func `the restart ends where the first progress began, not where it was told`() {
        var night = NightScript(terms)
        let key = night.launch(0, ScriptedNights.spotC)
        night.run(key, 2)
        night.train(key, 5, from: nil, units: 0)
        night.progress(key, [(30, 1), (42, 2)])
        #expect(spans(Timeline(night.events).launchSpans(at: night.at(42)))[1] == "a1 restart 2.0–18.0")
    }

    @Test func `a machine that was replaced can't commit over its successor`() {
        var night = NightScript(terms)
        let old = night.launch(0, ScriptedNights.spotC)
        night.commit(old, 10, 1, units: 2)
        let new = night.launch(20, ScriptedNights.onDemand)
        night.commit(old, 25, 2, units: 4)
        night.commit(new, 30, 3, units: 5)
        night.commit(old, 31, 4, units: 9)
        let timeline = Timeline(night.events)
        #expect(timeline.newestGeneration?.generation == 3)
        #expect(timeline.durable.map(\.units) == [0, 2, 4, 5])
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
    func `nonsense from training code breaks nothing`(units: Double) {
        var night = NightScript(terms)
        let key = night.launch(0, ScriptedNights.spotC)
        night.run(key, 1)
        night.train(key, 2, from: nil, units: units)
        night.progress(key, [(3, units), (4, 1), (5, units)])
        night.commit(key, 6, 1, units: units)
        let next = night.launch(7, ScriptedNights.onDemand)
        night.run(next, 8)
        night.train(next, 9, from: 1, units: -units)
        let summary = NightSummary(Timeline(night.events), Bill(night.events), at: night.at(10))
        #expect(summary?.totals.restart ?? .zero >= .zero)
        #expect(summary.map { (0...1).contains($0.fraction) } == true)
    }
}
