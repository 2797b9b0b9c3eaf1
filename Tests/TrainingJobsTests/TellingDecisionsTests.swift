// SPDX-License-Identifier: Apache-2.0

import ScriptedNights
import Testing
import TrainingJobs

@Suite struct TellingDecisionsTests {
    private let spot = ScriptedNights.spotB

    private func night(_ choices: [(Choice, DecisionReason)]) -> Timeline {
        var events = Array(ScriptedNights.eventful.prefix(1))
        for (index, entry) in choices.enumerated() {
            let decision = Decision(
                choice: entry.0, reason: entry.1, alternatives: [], slack: .hours(1),
                latestSafeSwitch: events[0].at, workLeft: .hours(1), durableWorkLeft: .hours(1), spent: .zero)
            events.append(
                NightEvent(sequence: index + 2, at: events[0].at + .minutes(index), kind: .decided(decision)))
        }
        return Timeline(events)
    }

    @Test func `the inside of a wait is left out, its ends are not`() {
        let asking = [(Choice.use(spot), DecisionReason.spotWorthTrying), (.wait, .roomToWait)]
        let timeline = night(Array(repeating: asking, count: 10).flatMap { $0 } + [(.use(spot), .spotHolds)])
        let told = timeline.tellingDecisions
        #expect(timeline.decisions.count == 21)
        #expect(told.count <= 6, "\(told.map(\.sequence))")
        #expect(told.first?.sequence == 2 && told.last?.sequence == 22)
    }

    @Test func `decisions that do not alternate are all told`() {
        let timeline = night([
            (.use(spot), .spotWorthTrying), (.use(spot), .spotHolds), (.wait, .roomToWait),
            (.use(spot), .spotWorthTrying), (.use(spot), .spotHolds),
            (.use(ScriptedNights.onDemand), .latestSafeSwitch),
        ])
        #expect(timeline.tellingDecisions == timeline.decisions)
    }
}
