// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// Training that goes on while a checkpoint is on its way, and scripts that take a while to begin.
@Suite struct NightLagTests {
    @Test("a commit that is under way when the machine goes is lost, and training was not held up for it")
    func lag() throws {
        let terms = Fixtures.terms()
        func night(until minute: Int) throws -> SimulatedNight {
            var conditions = Fixtures.conditions
            conditions.commitLag = .minutes(4)
            return try SimulatedNight(
                terms: terms, market: Fixtures.market(spells: [(0, minute, false), (60, 700, false)], terms: terms),
                conditions: conditions)
        }
        // Training from 8; the first unit at 20 is durable at 24.
        let starts = try [23, 24].map { minute in
            try night(until: minute).events.compactMap {
                if case .trainingStarted(_, let start) = $0.kind { start.units } else { nil }
            }
        }
        #expect(starts == [[0, 0], [0, 1]])
        let whole = try night(until: 700)
        // 20 units of 12 minutes and the upload: nothing was added.
        #expect(whole.events.facts.readyAt == terms.start + .minutes(8 + 240 + 3))
    }

    @Test("a delay of commits that holds nothing up is read as a delay, and a slow start as part of the restart")
    func observed() throws {
        let terms = Fixtures.terms()
        var conditions = Fixtures.conditions
        conditions.commitLag = .seconds(90)
        var events = try SimulatedNight(
            terms: terms, market: Fixtures.market(spells: [(0, 700, false)], terms: terms), conditions: conditions
        ).events
        let read = TrainingConditions(observedIn: events, of: terms)
        #expect(read.commitLag == .seconds(90) && read.saveTime == .zero && read.secondsPerUnit == 720)
        #expect(read.restart == .minutes(8))
        // A script that tells nothing until its first unit, five minutes late.
        events.removeAll { if case .progressed(_, let point) = $0.kind { point.units == 0 } else { false } }
        for index in events.indices {
            if case .trainingStarted(let key, var start) = events[index].kind {
                start.at = start.at - .minutes(5)
                events[index].kind = .trainingStarted(key: key, start)
            }
        }
        let late = TrainingConditions(observedIn: events, of: terms)
        #expect(late.restart == .minutes(8) && late.secondsPerUnit == 720)
    }
}
