// SPDX-License-Identifier: Apache-2.0

import ScriptedNights
import Testing
import TrainingJobs

@Suite struct NightSummaryTests {
    private func summary(_ events: [NightEvent], _ minutes: Double) throws -> NightSummary {
        let now = ScriptedNights.terms().start + .milliseconds(Int64(minutes * 60000))
        let past = events.filter { $0.at <= now }
        return try #require(NightSummary(Timeline(past), Bill(past), at: now))
    }

    @Test func `a night that was not opened has no summary`() {
        #expect(NightSummary(Timeline(), Bill(), at: Instant(milliseconds: 0)) == nil)
    }

    @Test func `the phases of a night`() throws {
        let (spotC, spotB, onDemand) = (ScriptedNights.spotC, ScriptedNights.spotB, ScriptedNights.onDemand)
        let expected: [(Double, NightPhase)] = [
            (5, .waiting), (28, .launching(spotC)), (35, .restarting(spotC)), (60, .training(spotC)), (120, .waiting),
            (300, .training(spotB)), (360, .moving(from: spotB, to: onDemand)),
            (385, .moving(from: spotB, to: onDemand)),
            (393.5, .training(onDemand)),
        ]
        for (minutes, phase) in expected {
            #expect(try summary(ScriptedNights.eventful, minutes).phase == phase, "minute \(minutes)")
        }
        guard case .concluding = try summary(ScriptedNights.eventful, 492.8).phase else {
            Issue.record("not concluding")
            return
        }
        guard case .finished = try summary(ScriptedNights.eventful, 500).phase else {
            Issue.record("not finished")
            return
        }
    }

    @Test func `the needed line is uniform from start to deadline`() {
        let terms = ScriptedNights.terms()
        #expect(terms.neededUnits(at: terms.start - .hours(1)) == 0)
        #expect(terms.neededUnits(at: terms.start + .minutes(270)) == 10)
        #expect(terms.neededUnits(at: terms.deadline + .hours(1)) == 20)
    }

    @Test func `ready-about follows the present machine's pace`() throws {
        let summary = try summary(ScriptedNights.eventful, 120 + 70)
        // 7 units at minute 182, 13 left at 12 min, 4 min upload.
        #expect(summary.readyAbout == summary.terms.start + .minutes(182 + 156 + 4))
        // 08:00 − 15 − 4 − 58 − 12 min − 14 durable units to do = minute 283.
        #expect(summary.slack == .minutes(283 - 190))
    }

    @Test func `the latest safe switch moves with what becomes durable after the decision`() throws {
        let decided = try summary(ScriptedNights.eventful, 241)
        let later = try summary(ScriptedNights.eventful, 297)
        let (first, second) = (try #require(decided.latestSafeSwitch), try #require(later.latestSafeSwitch))
        // Three more units of twelve minutes were made durable.
        #expect(second - first == .minutes(36))
        #expect(later.lastDecision == decided.lastDecision)
    }

    @Test func `once on-demand was asked for there is no switch left`() throws {
        let summary = try summary(ScriptedNights.eventful, 360)
        #expect(summary.latestSafeSwitch == nil && summary.slack == nil && summary.ifItMustSwitch == nil)
        #expect(summary.readyAbout != nil)
    }

    @Test func `a missing baseline is missing, not zero`() throws {
        var terms = ScriptedNights.terms()
        terms.offers.removeLast()
        let summary = try summary([NightEvent(sequence: 1, at: terms.start, kind: .opened(terms))], 1)
        #expect(summary.baseline == nil && summary.saved == nil && summary.changePercent == nil)
        #expect(summary.ifItMustSwitch == nil)
    }

    @Test(arguments: [(0, -100), (50, -50), (46, -54), (100, 0), (1005, 905), (99, -1), (101, 1)])
    func `the change against the baseline in percent`(spent: Int64, percent: Int) throws {
        var summary = try summary(ScriptedNights.cheap, 300)
        summary.baseline = Money(microdollars: 100)
        summary.spent = Money(microdollars: spent)
        #expect(summary.changePercent == percent)
    }
}
