// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightshiftTesting
import Testing
import TrainingJobs

/// A situation of the fixture night: eight hours, four of them work, no margin; the latest safe switch for the whole job
/// is at minute 206.
struct Case: CustomTestStringConvertible, Sendable {
    enum Machine: String, Sendable { case none, spot, onDemand }
    enum Want: Hashable, Sendable { case wait, spot, onDemand }

    var at: Duration
    var on: Machine = .none
    var spotRefused = false
    var onDemandRefused = false
    var sellsOnDemand = true
    /// Minutes of work that are done, and that are durable.
    var done = 0
    var durable: Int?
    var want: Want
    var reason: DecisionReason

    var testDescription: String { "minute \(at.milliseconds / 60000), on \(on.rawValue), done \(done): \(want)" }

    var outlook: Outlook {
        var terms = Fixtures.terms(margin: .zero)
        if !sellsOnDemand { terms.offers.removeLast() }
        func pool(_ index: Int, _ refused: Bool) -> Pool {
            Pool(rate: terms.offers[index].rate.microdollars, isUp: !refused, age: 0)
        }
        func minutes(_ minutes: Int) -> Int64 { Int64(minutes) * 60000 }
        var outlook = Outlook(
            window: (terms.deadline - terms.uploadTime - terms.start).milliseconds,
            totalWork: terms.expectedRuntime.milliseconds, restartOverhead: terms.restartOverhead.milliseconds,
            onDemandWait: terms.onDemandWait.milliseconds, tick: terms.tick.milliseconds,
            checkpointInterval: terms.checkpointInterval.milliseconds, spot: [pool(0, spotRefused)],
            onDemand: sellsOnDemand ? [pool(1, onDemandRefused)] : [])
        outlook.elapsed = at.milliseconds
        outlook.workLeft -= minutes(done)
        outlook.durableWorkLeft -= minutes(durable ?? done)
        outlook.current =
            switch on {
            case .none: .none
            case .spot: .spot(0)
            case .onDemand: .onDemand(0)
            }
        return outlook
    }

    func expect(_ verdict: Verdict) {
        let wanted: Placement =
            switch want {
            case .wait: .none
            case .spot: .spot(0)
            case .onDemand: .onDemand(0)
            }
        #expect(verdict.placement == wanted)
        #expect(verdict.reason == reason)
    }
}

@Suite struct PolicyTests {
    @Test(arguments: [
        Case(at: .zero, want: .spot, reason: .spotWorthTrying),
        Case(at: .zero, spotRefused: true, want: .wait, reason: .roomToWait),
        Case(at: .hours(3), on: .spot, done: 60, want: .spot, reason: .spotHolds),
        // Spot there or not, a machine in use on Spot is kept.
        Case(at: .hours(3), on: .spot, spotRefused: true, done: 60, want: .spot, reason: .spotHolds),
        Case(at: .hours(3), on: .onDemand, done: 60, want: .spot, reason: .spotWorthTrying),
        Case(at: .hours(3), on: .onDemand, spotRefused: true, done: 60, want: .onDemand, reason: .onDemandHolds),
    ])
    func `greedy takes Spot whenever it can be had`(example: Case) {
        example.expect(Greedy().verdict(in: example.outlook))
    }

    /// The line is at 0 at minute 0 and at 240 minutes of work where the upload must begin, at minute 476.
    @Test(arguments: [
        Case(at: .hours(1), want: .spot, reason: .spotWorthTrying),
        // Idle without Spot: exactly on the line is not behind it.
        Case(at: .zero, spotRefused: true, want: .wait, reason: .aheadOfProgressLine),
        Case(at: .minutes(119), spotRefused: true, done: 60, want: .wait, reason: .aheadOfProgressLine),
        Case(at: .minutes(120), spotRefused: true, done: 60, want: .onDemand, reason: .behindProgressLine),
        Case(
            at: .minutes(120), spotRefused: true, onDemandRefused: true, done: 60, want: .wait,
            reason: .aheadOfProgressLine),
        Case(at: .hours(2), on: .spot, done: 0, want: .spot, reason: .spotHolds),
        // Hysteresis of two restarts, 20 minutes: equality stays.
        Case(at: .minutes(99), on: .onDemand, done: 60, want: .onDemand, reason: .onDemandHolds),
        Case(at: .minutes(98), on: .onDemand, done: 60, want: .spot, reason: .hysteresisPassed),
        // Once on on-demand and without Spot it stays, also far ahead.
        Case(at: .minutes(10), on: .onDemand, spotRefused: true, done: 200, want: .onDemand, reason: .onDemandHolds),
    ])
    func `uniform progress keeps to the line`(example: Case) {
        example.expect(UniformProgress().verdict(in: example.outlook))
    }

    @Test(arguments: [
        Case(at: .zero, want: .onDemand, reason: .onDemandOnly),
        Case(at: .zero, on: .onDemand, want: .onDemand, reason: .onDemandOnly),
        Case(at: .zero, onDemandRefused: true, want: .wait, reason: .everythingRefused),
    ])
    func `on-demand only buys nothing else`(example: Case) {
        example.expect(OnDemandOnly().verdict(in: example.outlook))
    }

    /// Slack is 206 minutes − now + durable work; a tick is one minute; entering Spot needs 10 + 12 + 2.
    @Test(arguments: [
        // The switch: exactly a tick of slack is enough, less is not.
        Case(at: .minutes(205), on: .spot, want: .spot, reason: .spotHolds),
        Case(at: .minutes(205) + .milliseconds(1), on: .spot, want: .onDemand, reason: .latestSafeSwitch),
        // What is not durable does not count.
        Case(at: .minutes(206), on: .spot, done: 100, durable: 0, want: .onDemand, reason: .latestSafeSwitch),
        Case(at: .minutes(305), on: .spot, done: 100, want: .spot, reason: .spotHolds),
        // Entering Spot, and waiting for it.
        Case(at: .minutes(182), want: .spot, reason: .spotWorthTrying),
        Case(at: .minutes(182) + .milliseconds(1), want: .onDemand, reason: .noRoomForSpot),
        Case(at: .minutes(182), spotRefused: true, want: .wait, reason: .roomToWait),
        Case(at: .minutes(182) + .milliseconds(1), spotRefused: true, want: .onDemand, reason: .noRoomForSpot),
        // On on-demand: left for Spot with that room and on-demand's wait of 20 minutes besides, else never.
        Case(at: .minutes(162), on: .onDemand, want: .spot, reason: .spotWorthTrying),
        Case(at: .minutes(162) + .milliseconds(1), on: .onDemand, want: .onDemand, reason: .onDemandHolds),
        Case(at: .minutes(400), on: .onDemand, want: .onDemand, reason: .onDemandHolds),
        // On-demand is refused when it must be bought.
        Case(at: .minutes(206), onDemandRefused: true, want: .spot, reason: .onDemandRefused),
        Case(at: .minutes(206), on: .spot, onDemandRefused: true, want: .spot, reason: .onDemandRefused),
        Case(at: .minutes(206), spotRefused: true, onDemandRefused: true, want: .wait, reason: .everythingRefused),
        // Long after the deadline: late is better than never.
        Case(at: .hours(9), want: .onDemand, reason: .latestSafeSwitch),
        // Nothing to switch to: no promise, the policy's wish stands.
        Case(at: .minutes(300), sellsOnDemand: false, want: .spot, reason: .spotWorthTrying),
        Case(at: .minutes(300), on: .spot, sellsOnDemand: false, want: .spot, reason: .spotHolds),
        Case(at: .minutes(300), spotRefused: true, sellsOnDemand: false, want: .wait, reason: .roomToWait),
    ])
    func `the safety net is exact to the millisecond`(example: Case) {
        example.expect(SafetyNet(Greedy()).verdict(in: example.outlook))
    }

    @Test(arguments: PolicyName.plain + [.spotUntil(.hours(2))])
    func `the same situation gives the same verdict`(policy: PolicyName) {
        for minute in stride(from: 0, to: 480, by: 7) {
            let example = Case(at: .minutes(minute), on: .onDemand, done: minute / 2, want: .wait, reason: .roomToWait)
            let net = SafetyNet(policy.policy(for: example.outlook))
            #expect(net.verdict(in: example.outlook) == net.verdict(in: example.outlook))
        }
    }
}
