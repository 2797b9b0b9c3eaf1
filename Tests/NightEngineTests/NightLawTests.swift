// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightshiftTesting
import Testing
import TrainingJobs

/// Inputs may come in any order, late and twice. Here they do, in every order there is.
@Suite struct NightLawTests {
    @Test func `three happenings around a move, in every order, break no law`() throws {
        let start = try Move()
        for first in Happening.allCases {
            var one = start
            try one.take(first.input(one))
            for second in Happening.allCases {
                var two = one
                try two.take(second.input(two))
                for third in Happening.allCases {
                    var move = two
                    try move.take(third.input(move))
                    try move.runOut()
                    let order = "\(first), \(second), \(third)"
                    #expect(move.night.outcome != nil, "\(order): never over")
                    #expect(move.openAtOnce <= 1, "\(order): two launches unanswered")
                    #expect(move.liveAtOnce <= 2, "\(order): \(move.liveAtOnce) machines")
                    let completes = [first, second, third].contains { $0 == .spotCompleted || $0 == .onDemandCompleted }
                    if case .completed? = move.night.outcome { #expect(completes, "\(order)") }
                }
            }
        }
    }

    @Test func `the order in which pictures arrive leaves no trace`() throws {
        var move = try Move()
        try move.take(.answered(key: move.onDemand.key, .launched))
        func commit(_ order: LaunchOrder, _ generation: Int, restored: Int?) -> LaunchPicture {
            var picture = Move.training(order, since: move.now)
            let units = Double(generation)
            picture.report.training = TrainingStart(
                at: move.now, generation: restored, units: Double(restored ?? 0), passedOver: [])
            picture.report.commits = [CommittedGeneration(generation: generation, units: units, bytes: 1, at: move.now)]
            return picture
        }
        var old = commit(move.spot, 3, restored: nil)
        old.report.training = Move.training(move.spot, since: Fixtures.start).report.training
        let pictures = [old, commit(move.onDemand, 4, restored: 3)]
        var (one, other) = (move, move)
        try one.take(.observed(pictures, missing: []))
        try other.take(.observed(pictures.reversed(), missing: []))
        #expect(one.night.state == other.night.state)
        #expect(one.night.state.durable?.generation == 4)
    }

    @Test func `late news of a fenced machine does not count as durable`() throws {
        var move = try Move()
        var successor = Move.training(move.onDemand, since: move.now)
        successor.report.training = TrainingStart(
            at: move.now, generation: 2, units: 2, passedOver: ["generation 3: torn"])
        try move.take(.observed([successor], missing: []))
        var old = Move.training(move.spot, since: Fixtures.start)
        old.report.commits = [CommittedGeneration(generation: 3, units: 3, bytes: 1, at: move.now)]
        try move.take(.observed([old], missing: []))
        #expect(move.night.state.durable?.generation == 2)
        #expect(move.night.state.durableUnits == 2)
    }

    @Test func `a machine that is over before it was seen running is billed and its work counts`() throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        let order = try #require(try night.handle(.tick, at: terms.start).launch)
        let now = terms.start + .minutes(30)
        var report = Move.training(order, since: terms.start + .minutes(10)).report
        report.commits = [CommittedGeneration(generation: 1, units: 1, bytes: 1, at: now)]
        let picture = LaunchPicture(
            key: order.key, state: .ended(.interrupted(noticed: true), at: now),
            usage: [Usage(from: terms.start, until: now, rate: order.rate)], report: report)
        let step = try night.handle(.observed([picture], missing: []), at: now)
        #expect(
            step.events.map(\.kind.name).prefix(5) == [
                "launchAnswered", "machineRunning", "trainingStarted", "committed", "launchEnded",
            ])
        #expect(night.state.durableUnits == 1)
        #expect(night.state.bill.total(at: now) == order.rate.cost(of: .minutes(30)))
    }

    @Test func `requested and unanswered, a machine that is missing is asked for again`() throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        let order = try #require(try night.handle(.tick, at: terms.start).launch)
        #expect(try night.handle(.observed([], missing: [order.key]), at: terms.start) == NightStep())
        #expect(try night.handle(.repeatUnfinished, at: terms.start).actions == [.launch(order)])
    }

    @Test func `a withdrawn launch is not asked for again, and stopped when it exists after all`() throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        let order = try #require(try night.handle(.tick, at: terms.start).launch)
        _ = try night.handle(.stopOrdered, at: terms.start)
        #expect(try night.handle(.repeatUnfinished, at: terms.start).actions == [.stop(key: order.key)])
        #expect(night.outcome == nil)
        let late = try night.handle(.answered(key: order.key, .launched), at: terms.start)
        #expect(late.events.map(\.kind.name) == ["launchAnswered"])
        #expect(try night.handle(.repeatUnfinished, at: terms.start).actions == [.stop(key: order.key)])
    }

    @Test func `a model of a machine that was replaced is a model`() throws {
        var move = try Move()
        try move.take(.observed([Move.training(move.onDemand, since: move.now)], missing: []))
        #expect(move.night.state.liveLaunches.first?.stopRequested == .superseded)
        try move.take(.observed([move.completed(move.spot)], missing: []))
        guard case .completed? = move.night.state.concluding else { Issue.record("\(move.night.state)"); return }
    }

    @Test func `a model that becomes ready after a person's stop stays out of service`() throws {
        var move = try Move()
        try move.take(.answered(key: move.onDemand.key, .noCapacity))
        try move.take(.stopOrdered)
        try move.take(.observed([move.completed(move.spot)], missing: []))
        #expect(move.night.outcome == .keptPrevious(.stoppedByPerson))
        #expect(move.night.state.publicationAnswer == .keptBack(.stoppedByPerson, inService: nil))
    }

    @Test func `the price of an offer is recorded when it changes, not when its date does`() throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        var quote = terms.offers[0]
        quote.priceAsOf = "2026-11-24"
        _ = try night.handle(.tick, at: terms.start)
        #expect(try night.handle(.priced([quote]), at: terms.start).events.isEmpty)
        quote.rate = HourlyRate(microdollars: 1)
        #expect(try night.handle(.priced([quote]), at: terms.start).events.map(\.kind) == [.priced(quote)])
        let stranger = Fixtures.priced(Fixtures.offer(.spot, zone: "elsewhere"), microdollars: 1)
        #expect(try night.handle(.priced([stranger]), at: terms.start).events.isEmpty)
    }

    @Test func `on-demand does not wait until a stop has its effect`() throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        // Without Spot, on-demand is bought when there is no more room to wait.
        let refused = try #require(try night.handle(.tick, at: terms.start).launch)
        var now = terms.latestSafeSwitch - .minutes(20)
        _ = try night.handle(.answered(key: refused.key, .noCapacity), at: now)
        let onDemand = try #require(night.state.liveLaunches.first?.order)
        _ = try night.handle(.answered(key: onDemand.key, .launched), at: now)
        // It gets far enough to make room for Spot, which takes over; the stop of on-demand is lost.
        var report = Move.training(onDemand, since: now).report
        now += .hours(1)
        report.commits = [CommittedGeneration(generation: 1, units: 12, bytes: 1, at: now)]
        let running = LaunchPicture(
            key: onDemand.key, state: .running(since: now - .hours(1)), usage: [], report: report)
        let spot = try #require(try night.handle(.observed([running], missing: []), at: now).launch)
        #expect(spot.offer == Fixtures.spot)
        _ = try night.handle(.answered(key: spot.key, .launched), at: now)
        var onSpot = Move.training(spot, since: now)
        onSpot.report.training = TrainingStart(at: now, generation: 1, units: 12, passedOver: [])
        #expect(try night.handle(.observed([onSpot], missing: []), at: now).actions == [.stop(key: onDemand.key)])
        // Time is up while both are there.
        now = terms.latestSafeSwitch(workLeft: .minutes(8 * 12))
        let stuck = try night.handle(.observed([], missing: []), at: now)
        #expect(stuck.events.map(\.kind.name) == ["decided", "launchRequested"])
        #expect(stuck.launch?.offer == Fixtures.onDemand)
    }
}

extension NightStep {
    var launch: LaunchOrder? {
        actions.lazy.compactMap { if case .launch(let order) = $0 { order } else { nil } }.first
    }
}

extension NightEvent.Kind {
    var name: String { String("\(self)".prefix { $0 != "(" }) }
}
