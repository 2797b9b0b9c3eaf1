// SPDX-License-Identifier: Apache-2.0

import Foundation
import ScriptedNights
import SpotMarket
import Testing
import TrainingJobs

@Suite struct SpellReaderTests {
    private static let spot = ScriptedNights.spotB
    private static let lost = EndReason.interrupted(noticed: false)

    /// `zone side minutes`, with `+` for a spell that goes on beyond what was seen.
    private static func spells(_ write: (inout NightScript) -> Void) -> [String] {
        var night = NightScript(ScriptedNights.terms())
        write(&night)
        return SpellReader(night.events).stretches.map { stretch in
            let minutes = (stretch.spell.hours * 60 * 100).rounded() / 100
            return "\(stretch.pool.zone.suffix(1)) \(stretch.spell.side) \(minutes)\(stretch.spell.ended ? "" : "+")"
        }
    }

    @Test func `capacity lasts from the grant to the interruption`() {
        let found = Self.spells { night in
            let key = night.launch(0, Self.spot)
            night.run(key, 3)
            night.end(key, 63, Self.lost)
        }
        #expect(found == ["b up 60.0"])
    }

    @Test func `a recording of a night is known again, and one of another night is not`() throws {
        func events(at minute: Double) -> [NightEvent] {
            var night = NightScript(ScriptedNights.terms())
            let key = night.launch(minute, Self.spot)
            night.run(key, minute + 3)
            night.end(key, minute + 63, Self.lost)
            return night.events
        }
        func trace(_ events: [NightEvent]) throws -> AvailabilityTrace {
            let stretches = SpellReader(events).stretches
            let file = try #require(
                TraceFile(recording: stretches, of: MarketPool(Self.spot), gap: .seconds(60)))
            let text = try JSONEncoder().encode(file)
            return try JSONDecoder().decode(TraceFile.self, from: text).trace(file: "r.json", nodes: 1)
        }
        var fitter = MarketFitter()
        fitter.add(night: events(at: 0))
        #expect(fitter.hasSeen(try trace(events(at: 0))))
        #expect(!fitter.hasSeen(try trace(events(at: 1))))
    }

    @Test(arguments: [
        EndReason.stopped, .completed, .lost, .leaseExpired, .fenced, .trainingFailed("x"), .checkpointsLost("x"),
    ])
    func `a machine that went for another reason says only that capacity lasted as long`(reason: EndReason) {
        let found = Self.spells { night in
            let key = night.launch(0, Self.spot)
            night.run(key, 3)
            night.end(key, 63, reason)
        }
        #expect(found == ["b up 60.0+"])
    }

    @Test func `a machine under notice was lost, also when we went first`() {
        let found = Self.spells { night in
            let key = night.launch(0, Self.spot)
            night.run(key, 3)
            night.notice(key, 62)
            night.end(key, 63, .completed)
        }
        #expect(found == ["b up 60.0"])
    }

    @Test func `a machine that still runs lasts at least until the last event`() {
        let found = Self.spells { night in
            let key = night.launch(0, Self.spot)
            night.run(key, 3)
            night.progress(key, [(33, 1)])
        }
        #expect(found == ["b up 30.0+"])
    }

    @Test func `capacity is gone from the first refusal to the middle before the granted order`() {
        let found = Self.spells { night in
            night.launch(10, Self.spot, .noCapacity)
            night.launch(20, Self.spot, .noCapacity)
            night.launch(30, Self.spot, .noCapacity)
            night.run(night.launch(40, Self.spot), 42)
        }
        #expect(found == ["b down 25.0"])
    }

    @Test func `capacity is gone from an interruption on`() {
        let found = Self.spells { night in
            let key = night.launch(0, Self.spot)
            night.run(key, 0)
            night.end(key, 60, Self.lost)
            night.launch(70, Self.spot, .noCapacity)
            let next = night.launch(79.95, Self.spot)
            night.run(next, 85)
            night.end(next, 100, .stopped)
        }
        #expect(found == ["b up 60.0", "b down 15.03", "b up 15.0+"])
    }

    @Test func `a drought that did not end counts up to the last refusal, and one never asked about not at all`() {
        let found = Self.spells { night in
            let key = night.launch(0, Self.spot)
            night.run(key, 0)
            night.end(key, 60, Self.lost)
            night.launch(100, ScriptedNights.spotC, .noCapacity)
            night.launch(130, ScriptedNights.spotC, .noCapacity)
            night.progress(night.launch(200, ScriptedNights.onDemand), [(300, 4)])
        }
        #expect(found == ["b up 60.0", "c down 30.0+"])
    }

    @Test func `an order that was accepted and never got a machine returned nothing`() {
        let found = Self.spells { night in
            night.launch(10, Self.spot, .noCapacity)
            let key = night.launch(20, Self.spot)
            night.end(key, 30, .stopped)
            night.launch(40, Self.spot, .noCapacity)
        }
        #expect(found == ["b down 30.0+"])
    }

    @Test(arguments: [LaunchOutcome.throttled, .quota("0"), .refused("role")])
    func `throttling, quota and refusals say nothing about capacity`(outcome: LaunchOutcome) {
        #expect(Self.spells { $0.launch(10, Self.spot, outcome) } == [])
    }

    @Test func `on-demand says nothing about Spot`() {
        let found = Self.spells { night in
            night.launch(5, ScriptedNights.onDemand, .noCapacity)
            let key = night.launch(10, ScriptedNights.onDemand)
            night.run(key, 20)
            night.end(key, 60, Self.lost)
        }
        #expect(found == [])
    }

    @Test func `a platform that gives another machine under the same key took the first one`() {
        let found = Self.spells { night in
            let key = night.launch(0, Self.spot)
            night.run(key, 0)
            night.run(key, 0)
            night.run(key, 45)
            night.end(key, 60, .completed)
        }
        #expect(found == ["b up 45.0", "b up 15.0+"])
    }

    @Test func `zones have spells of their own, and the same night gives the same ones`() {
        let write: (inout NightScript) -> Void = { night in
            let (b, c) = (night.launch(0, Self.spot), night.launch(1, ScriptedNights.spotC))
            night.run(b, 1)
            night.run(c, 2)
            night.end(c, 32, Self.lost)
            night.progress(b, [(61, 3)])
        }
        #expect(Self.spells(write) == ["c up 30.0", "b up 60.0+"])
        #expect(Self.spells(write) == Self.spells(write))
        #expect(SpellReader([]).stretches.isEmpty)
    }

    @Test func `a trace's spells are cut off where nobody watched and at its end`() throws {
        let text = try TraceText("a 1800 0111001".utf8, file: "t").trace(window: nil, nodes: 1)
        #expect(
            text.spells == [
                PoolSpell(side: .down, hours: 0.5, ended: true), PoolSpell(side: .up, hours: 1.5, ended: true),
                PoolSpell(side: .down, hours: 1, ended: true), PoolSpell(side: .up, hours: 0.5, ended: false),
            ])
        let json = #"{"metadata": {"gap_seconds": 3600}, "data": [1, null, 0, 2, 1]}"#
        let file = try JSONDecoder().decode(TraceFile.self, from: Data(json.utf8))
        #expect(
            try file.trace(file: "f", nodes: 1).spells == [
                PoolSpell(side: .up, hours: 1, ended: false), PoolSpell(side: .down, hours: 1, ended: true),
                PoolSpell(side: .up, hours: 2, ended: false),
            ])
    }

    @Test func `a night is recorded as a trace, which says null where nobody knew`() throws {
        var night = NightScript(ScriptedNights.terms())
        night.launch(0, Self.spot, .noCapacity)
        night.launch(10, Self.spot, .noCapacity)
        let first = night.launch(20.05, Self.spot)
        night.run(first, 22)
        night.end(first, 52, Self.lost)
        let second = night.launch(60, ScriptedNights.spotC)
        night.run(second, 62)
        night.end(second, 72, .stopped)
        let third = night.launch(90, Self.spot)
        night.run(third, 92)
        night.end(third, 102, .stopped)
        let stretches = SpellReader(night.events).stretches
        let pool = MarketPool(Self.spot)
        let file = try #require(TraceFile(recording: stretches, of: pool, gap: .minutes(5)))
        let values = file.data?.map { value in if case .number(let number) = value { "\(Int(number))" } else { "?" } }
        // Down until 15.1, up from 22 to 52, down to 71 (the middle before the granted order), up from 92 to 102.
        #expect(values?.joined() == "0000111111100001???11")
        #expect(file.metadata?.start == night.at(0.05) && file.offer == pool)
        let text = String(decoding: try JSONEncoder().encode(file), as: UTF8.self)
        let read = try JSONDecoder().decode(TraceFile.self, from: Data(text.utf8))
        #expect(read == file && text.contains("null") && text.contains("\"available_when\":\"positive\""))
        let trace = try read.trace(file: "own.json", nodes: 1)
        #expect(trace.provenance.form == .nightshift && trace.spells.filter(\.ended).count >= 3)
        #expect(
            TraceFile(recording: stretches, of: MarketPool(ScriptedNights.onDemand), gap: .minutes(5)) == nil)
    }
}
