// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

@Suite struct NightTests {
    @Test func `Spot that stays carries the whole night`() throws {
        let night = try VirtualNight(
            terms: Fixtures.terms(), market: Fixtures.market(spells: [(0, 600, false)]),
            conditions: Fixtures.conditions)
        guard case .completed(_, late: false)? = night.outcome else { Issue.record("\(night.outcome as Any)"); return }
        let bill = Bill(night.events)
        #expect(bill.lines.count == 1)
        #expect(bill.total(at: Fixtures.start + .hours(12)).text == "$31.69")
    }

    @Test func `a night without Spot goes to on-demand at the latest safe switch and is on time`() throws {
        let terms = Fixtures.terms()
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [], onDemandWait: .minutes(20)),
            conditions: Fixtures.conditions)
        guard case .completed(let model, late: false)? = night.outcome else {
            Issue.record("\(night.outcome as Any)")
            return
        }
        let launches = night.launches.filter { $0.order.offer == Fixtures.onDemand }
        #expect(launches.count == 1)
        let margin = terms.latestSafeSwitch - (launches.first?.at ?? terms.start)
        #expect(margin >= .zero && margin < terms.restartOverhead + terms.checkpointInterval + .minutes(3))
        #expect(model.at <= terms.deadline)
    }

    @Test func `an interrupted night resumes from what was durable and is on time`() throws {
        let night = try VirtualNight(
            terms: Fixtures.terms(),
            market: Fixtures.market(spells: [(40, 120, false), (145, 250, true), (270, 700, false)]),
            conditions: Fixtures.conditions)
        guard case .completed(_, late: false)? = night.outcome else { Issue.record("\(night.outcome as Any)"); return }
        let ends = night.events.compactMap {
            if case .launchEnded(_, let reason, _, _) = $0.kind { reason } else { nil }
        }
        #expect(ends == [.interrupted(noticed: false), .interrupted(noticed: true), .completed])
        let resumed = night.events.compactMap {
            if case .trainingStarted(_, let start) = $0.kind { start.units } else { nil }
        }
        // Asked every 3 min: on Spot at 42 and 147, training 8 min later, one epoch in 12 min.
        #expect(resumed == [0, 5, 12])
        #expect(night.leftBehind.isEmpty)
    }

    @Test func `the budget ends a night before it is overrun`() throws {
        let budget = Money(microdollars: 10_000_000)
        let night = try VirtualNight(
            terms: Fixtures.terms(budget: budget), market: Fixtures.market(spells: [(0, 600, false)]),
            conditions: Fixtures.conditions)
        #expect(night.outcome == .keptPrevious(.budget))
        #expect(Bill(night.events).total(at: Fixtures.start + .hours(12)) <= budget)
        #expect(night.leftBehind.isEmpty)
    }

    @Test(arguments: PolicyName.plain + [.spotUntil(.hours(2))])
    func `replaying the journal gives the same state`(policy: PolicyName) throws {
        let night = try VirtualNight(
            terms: Fixtures.terms(policy: policy),
            market: Fixtures.market(spells: [(30, 100, true), (130, 190, false)]),
            conditions: Fixtures.conditions)
        var state = try NightState(opening: night.events[0])
        for event in night.events.dropFirst() { try state.apply(event) }
        #expect(try Night(replaying: night.events).state == state)
        #expect(state.finished == night.outcome)
    }

    @Test func `a journal with a gap is refused with the event and the state named`() throws {
        let night = try VirtualNight(
            terms: Fixtures.terms(), market: Fixtures.market(spells: [(0, 600, false)]),
            conditions: Fixtures.conditions)
        var events = night.events
        events.remove(at: 2)
        let error = #expect(throws: IllegalEvent.self) { try Night(replaying: events) }
        #expect(error?.description.contains("event 4") == true)
        #expect(error?.description.contains("is impossible after event 2") == true)
    }

    @Test func `an observation that brings nothing new records nothing`() throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        let first = try night.handle(.tick, at: terms.start)
        guard case .launch(let order)? = first.actions.first else { Issue.record("\(first)"); return }
        _ = try night.handle(.answered(key: order.key, .launched), at: terms.start)
        let picture = LaunchPicture(
            key: order.key, state: .running(since: terms.start), usage: [], report: AgentReport())
        #expect(try !night.handle(.observed([picture], missing: []), at: terms.start).events.isEmpty)
        let again = try night.handle(.observed([picture], missing: []), at: terms.start)
        #expect(again == NightStep())
    }

    @Test func `unreachable is not dead`() throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        guard case .launch(let order)? = try night.handle(.tick, at: terms.start).actions.first else { return }
        _ = try night.handle(.answered(key: order.key, .launched), at: terms.start)
        for minute in 1...30 {
            let step = try night.handle(.observed([], missing: []), at: terms.start + .minutes(minute))
            #expect(step.actions.isEmpty, "minute \(minute): \(step.actions)")
        }
    }
}

extension VirtualNight {
    var launches: [(order: LaunchOrder, at: Instant)] {
        events.compactMap { if case .launchRequested(let order) = $0.kind { (order, $0.at) } else { nil } }
    }
}
