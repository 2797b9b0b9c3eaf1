// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// What ends a night, or a promise, from outside.
@Suite struct LimitTests {
    private func late(_ terms: NightTerms, wait: Duration) throws -> VirtualNight {
        try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [], onDemandWait: wait, terms: terms),
            conditions: Fixtures.conditions)
    }

    @Test func `on-demand that comes later than promised finishes late`() throws {
        let night = try late(Fixtures.terms(), wait: .minutes(70))
        guard case .completed(let model, late: true)? = night.outcome else {
            Issue.record("\(night.outcome as Any)")
            return
        }
        #expect(model.at > Fixtures.terms().deadline)
        #expect(night.leftBehind.isEmpty)
    }

    @Test func `a night that reaches its end keeps the previous model`() throws {
        let night = try late(Fixtures.terms(), wait: .hours(4))
        #expect(night.outcome == .keptPrevious(.outOfTime))
        #expect(night.events.last?.at ?? Fixtures.start >= Fixtures.terms().end)
        #expect(night.leftBehind.isEmpty)
    }

    @Test func `most training time is a limit of all machines together`() throws {
        var terms = Fixtures.terms()
        terms.maxRun = .hours(2)
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [(0, 70, false), (90, 400, false)], terms: terms),
            conditions: Fixtures.conditions)
        #expect(night.outcome == .keptPrevious(.maxRun))
        let bill = Bill(night.events)
        let billed = bill.lines.reduce(Duration.zero) { $0 + $1.duration(at: terms.end) }
        #expect(billed >= terms.maxRun && billed <= terms.maxRun + terms.tick)
    }

    @Test func `no machine's own end is after the night's, nor after what is left to train`() throws {
        var terms = Fixtures.terms()
        terms.maxRun = .hours(6)
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [(0, 70, false), (90, 400, false)], terms: terms),
            conditions: Fixtures.conditions)
        let ends = night.launches.map { $0.order.notAfter - terms.start }
        #expect(ends.first == .minutes(380))
        // Billed 70 minutes; asked again at minute 90 or up to a retry later.
        #expect(night.launches.allSatisfy { $0.order.notAfter <= terms.end })
        let latest = Duration.minutes(90 + 3 + 20 + 360 - 70)
        #expect((ends.last ?? .zero) <= latest)
    }

    /// On-demand alone costs $105.63. Spells of Spot are too short to make anything durable.
    @Test(
        arguments: [PolicyName.greedy, .nightshift, .uniformProgress, .uniformProgressWithoutHysteresis],
        [107, 110, 118, 125, 135, 160] as [Int64])
    func `Spot leaves the money that on-demand needs`(policy: PolicyName, dollars: Int64) throws {
        let terms = Fixtures.terms(policy: policy, budget: Money(microdollars: dollars * 1_000_000))
        let spells = (0..<40).map { (from: $0 * 22, until: $0 * 22 + 19, notice: false) }
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: spells, onDemandWait: .minutes(20), terms: terms),
            conditions: Fixtures.conditions)
        guard case .completed(_, late: false)? = night.outcome else {
            Issue.record("\(night.outcome as Any)")
            return
        }
        #expect(Bill(night.events).total(at: terms.end) <= Money(microdollars: dollars * 1_000_000))
    }

    /// A script that saves only when it is done: all that Spot trains may be lost, and on-demand alone needs 254 minutes.
    @Test(arguments: [PolicyName.greedy, .nightshift, .uniformProgress], [300, 330, 360, 400])
    func `Spot leaves the training time that on-demand needs`(policy: PolicyName, minutes: Int) throws {
        var terms = Fixtures.terms(policy: policy)
        terms.maxRun = .minutes(minutes)
        var conditions = Fixtures.conditions
        conditions.unitsPerCheckpoint = 20
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [(0, 170, false)], onDemandWait: .minutes(20), terms: terms),
            conditions: conditions)
        guard case .completed(_, late: false)? = night.outcome else {
            Issue.record("\(night.outcome as Any)")
            return
        }
    }

    @Test func `a night that maxWait ends before its deadline goes to on-demand for that end`() throws {
        var terms = Fixtures.terms(margin: .zero)
        terms.end = terms.start + .hours(6)
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [], onDemandWait: .minutes(20), terms: terms),
            conditions: Fixtures.conditions)
        guard case .completed(_, late: false)? = night.outcome else {
            Issue.record("\(night.outcome as Any)")
            return
        }
    }

    /// Five hours and 10 minutes: after 70 minutes on Spot another try of it and on-demand for the rest would not both fit.
    @Test func `Spot is not tried again when that would take on-demand's share of the training time`() throws {
        var terms = Fixtures.terms()
        terms.maxRun = .minutes(310)
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [(0, 70, false), (90, 400, false)], terms: terms),
            conditions: Fixtures.conditions)
        #expect(night.launches.map(\.order.offer.purchase) == [.spot, .onDemand])
        guard case .completed(_, late: false)? = night.outcome else {
            Issue.record("\(night.outcome as Any)")
            return
        }
    }

    /// On-demand to the end costs about $107 from the start.
    @Test func `on-demand that the budget would stop on the way is not bought`() throws {
        let terms = Fixtures.terms(budget: Money(microdollars: 40_000_000))
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [(250, 590, false)], terms: terms),
            conditions: Fixtures.conditions)
        // Without it, Spot that comes after the latest safe switch brings the night so far that on-demand fits.
        guard case .completed(_, late: true)? = night.outcome else { Issue.record("\(night.outcome as Any)"); return }
        #expect(night.launches.first?.order.offer == Fixtures.spot)
        #expect(Bill(night.events).total(at: terms.end) <= Money(microdollars: 40_000_000))
    }

    @Test func `on-demand is bought once the budget carries it to the end`() throws {
        let terms = Fixtures.terms(budget: Money(microdollars: 75_000_000))
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [(0, 200, false)], terms: terms),
            conditions: Fixtures.conditions)
        guard case .completed(_, late: false)? = night.outcome else { Issue.record("\(night.outcome as Any)"); return }
        #expect(night.launches.last?.order.offer == Fixtures.onDemand)
        #expect(Bill(night.events).total(at: terms.end) <= Money(microdollars: 75_000_000))
    }

    @Test(arguments: PolicyName.plain + [.spotUntil(.hours(2))])
    func `a budget that buys nothing ends the night before anything is bought`(policy: PolicyName) throws {
        let terms = Fixtures.terms(policy: policy, budget: Money(microdollars: 1_000_000))
        let night = try VirtualNight(
            terms: terms, market: Fixtures.market(spells: [(0, 600, false)], terms: terms),
            conditions: Fixtures.conditions)
        #expect(night.outcome == .keptPrevious(.budget))
        #expect(night.launches.isEmpty)
    }

    @Test func `no budget is ever overrun, whatever it is`() throws {
        for dollars in 2...60 {
            let budget = Money(microdollars: Int64(dollars) * 1_000_000)
            let terms = Fixtures.terms(policy: .uniformProgress, budget: budget)
            let night = try VirtualNight(
                terms: terms, market: Fixtures.market(spells: [(30, 75, false), (100, 170, true)], terms: terms),
                conditions: Fixtures.conditions)
            let spent = Bill(night.events).total(at: terms.end)
            #expect(spent <= budget, "$\(dollars): \(spent.text)")
        }
    }

    @Test func `a change of price is recorded and billed from its minute on`() throws {
        let terms = Fixtures.terms()
        var market = Fixtures.market(spells: [(0, 600, false)], terms: terms)
        market.listings[0].prices.append(
            Market.PriceStep(from: .minutes(60), rate: HourlyRate(microdollars: 9_000_000)))
        var (night, _) = try Night.open(terms, at: terms.start)
        let order = try #require(try night.handle(.tick, at: terms.start).launch)
        let running = LaunchPicture(
            key: order.key, state: .running(since: terms.start), usage: [], report: AgentReport())
        _ = try night.handle(.observed([running], missing: []), at: terms.start)
        let change = terms.start + .minutes(60)
        let quote = try #require(market.price(of: Fixtures.spot, at: .minutes(60)))
        _ = try night.handle(.priced([quote]), at: change)
        let exact = order.rate.cost(of: .minutes(60)) + HourlyRate(microdollars: 9_000_000).cost(of: .minutes(30))
        #expect(night.state.bill.total(at: change + .minutes(30)) == exact)
        // The platform's account, cut at the same minute, comes to the same.
        let usage = market.listings[0].usage(from: terms.start, until: change + .minutes(30), nightStart: terms.start)
        let ended = LaunchPicture(
            key: order.key, state: .ended(.interrupted(noticed: false), at: change + .minutes(30)), usage: usage,
            report: AgentReport())
        _ = try night.handle(.observed([ended], missing: []), at: change + .minutes(30))
        #expect(night.state.bill.total(at: terms.end) == exact)
    }

    @Test(arguments: [EndReason.fenced, .stopped, .interrupted(noticed: true)])
    func `a machine that dies at once is not asked for again at once`(reason: EndReason) throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        var now = terms.start
        var launches = 0
        for _ in 0..<120 {
            let dead = night.state.liveLaunches.map {
                LaunchPicture(key: $0.order.key, state: .ended(reason, at: now), usage: [], report: AgentReport())
            }
            let step = try night.handle(.observed(dead, missing: []), at: now)
            if step.launch != nil { launches += 1 }
            now += .seconds(30)
        }
        // An hour at one launch in three minutes and a look.
        #expect((15...18).contains(launches), "\(launches)")
    }

    @Test func `five machines in a row that die before they train end the night`() throws {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        var now = terms.start
        func dead(_ launch: LaunchState, trained: Bool) -> LaunchPicture {
            var report = AgentReport()
            if trained { report.training = TrainingStart(at: now, generation: nil, units: 0, passedOver: []) }
            return LaunchPicture(
                key: launch.order.key, state: .ended(.lost, at: now),
                usage: [Usage(from: now - .seconds(1), until: now, rate: launch.order.rate)], report: report)
        }
        // The third one trains, so the count begins anew.
        for number in 1...30 where night.outcome == nil {
            let pictures = night.state.liveLaunches.map { dead($0, trained: $0.order.epoch == 3) }
            _ = try night.handle(.observed(pictures, missing: []), at: now)
            now += number.isMultiple(of: 2) ? .minutes(4) : .seconds(10)
        }
        #expect(night.state.lastEpoch == 8)
        #expect(
            night.outcome == .failed(.training("5 machines in a row died without a word before training began")))
    }
}
