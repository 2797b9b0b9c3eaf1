// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightshiftTesting
import Testing
import TrainingJobs

/// What the machine's tripwires mean for the night.
@Suite struct TripwireTests {
    private static func alarm(_ minute: Int, _ action: Alarm.Action) -> Alarm {
        Alarm(
            at: Fixtures.start + .minutes(minute), sighting: .stalled(seconds: 1800, limitSeconds: 1800), units: 3,
            action: action)
    }

    private static func training() throws -> (night: Night, order: LaunchOrder, picture: LaunchPicture) {
        let terms = Fixtures.terms()
        var (night, _) = try Night.open(terms, at: terms.start)
        let order = try #require(try night.handle(.tick, at: terms.start).launch)
        _ = try night.handle(.answered(key: order.key, .launched), at: terms.start)
        return (night, order, Move.training(order, since: terms.start))
    }

    @Test func `each alarm of a report becomes one event, in order, however often the report is seen`() throws {
        var (night, order, picture) = try Self.training()
        let now = Fixtures.start + .minutes(30)
        var told: [Alarm] = []
        for count in [0, 1, 1, 3, 3] {
            picture.report.alarms = (0..<count).map { Self.alarm($0, .wentOn) }
            let step = try night.handle(.observed([picture], missing: []), at: now)
            told += step.events.compactMap { event in
                guard case .alarmed(order.key, let alarm) = event.kind else { return nil }
                return alarm
            }
        }
        #expect(told == (0..<3).map { Self.alarm($0, .wentOn) })
        #expect(night.state.concluding == nil)
    }

    @Test func `an alarm comes after what was committed before it and before what was made since`() throws {
        var (night, _, picture) = try Self.training()
        let start = Fixtures.start
        picture.report.firstProgress = ProgressPoint(at: start + .minutes(12), units: 1)
        picture.report.progress = ProgressPoint(at: start + .minutes(90), units: 3)
        picture.report.commits = [13, 80].enumerated().map { index, minute in
            CommittedGeneration(
                generation: index + 1, units: Double(index + 1), bytes: 1, at: start + .minutes(minute))
        }
        picture.report.alarms = [Self.alarm(60, .restarted(generation: 1))]
        let step = try night.handle(.observed([picture], missing: []), at: start + .minutes(91))
        #expect(
            step.events.map(\.kind.name).filter { ["committed", "alarmed", "progressed"].contains($0) } == [
                "committed", "alarmed", "progressed", "progressed", "committed",
            ])
    }

    @Test func `a stay that a tripwire ended keeps the previous model, and no machine is bought after it`() throws {
        var (night, order, picture) = try Self.training()
        let now = Fixtures.start + .minutes(30)
        picture.report.alarms = [Self.alarm(30, .stopped(restarts: 0))]
        picture.state = .ended(.tripped(.noModel), at: now)
        picture.usage = [Usage(from: Fixtures.start, until: now, rate: order.rate)]
        let step = try night.handle(.observed([picture], missing: []), at: now)
        #expect(
            step.events.map(\.kind.name).suffix(4) == ["alarmed", "launchEnded", "concluding", "finished"])
        #expect(step.actions == [])
        #expect(night.outcome == .keptPrevious(.tripwire))
    }

    @Test func `a machine that runs beside the tripped one is stopped`() throws {
        var move = try Move()
        try move.take(.answered(key: move.onDemand.key, .launched))
        try move.take(.observed([move.ended(move.spot, .tripped(.noModel))], missing: []))
        #expect(move.night.state.concluding == .keptPrevious(.tripwire))
        #expect(move.night.state.liveLaunches.first?.stopRequested == .nightOver)
        try move.runOut()
        #expect(move.night.outcome == .keptPrevious(.tripwire))
    }

    @Test func `what a hang took says nothing about how long a unit takes`() throws {
        var (night, _, picture) = try Self.training()
        let start = Fixtures.start
        func look(_ minute: Int, _ units: Double) throws {
            picture.report.firstProgress =
                picture.report.firstProgress ?? ProgressPoint(at: start + .minutes(minute), units: units)
            picture.report.progress = ProgressPoint(at: start + .minutes(minute), units: units)
            _ = try night.handle(.observed([picture], missing: []), at: start + .minutes(minute))
        }
        try look(12, 1)
        try look(24, 2)
        let before = try #require(night.state.lastDecision).choice
        // It hangs for an hour and a half, is started again and told with the progress that it made since.
        picture.report.alarms = [Self.alarm(114, .restarted(generation: nil))]
        try look(126, 3)
        try look(138, 4)
        #expect(night.state.lastDecision?.choice == before)
        #expect(night.state.pace.secondsPerUnit == 720)
        picture.state = .ended(.interrupted(noticed: false), at: start + .minutes(140))
        _ = try night.handle(.observed([picture], missing: []), at: start + .minutes(140))
        #expect(night.state.pace.secondsPerUnit == 720)
    }

    @Test func `the next machine is told the loss of the generation that it must find`() throws {
        var move = try Move()
        var picture = Move.training(move.spot, since: Fixtures.start)
        picture.report.commits = [
            CommittedGeneration(generation: 1, units: 1, bytes: 1, at: move.now, loss: 2.5),
            CommittedGeneration(generation: 2, units: 2, bytes: 1, at: move.now, loss: 1.5),
        ]
        try move.take(.observed([picture], missing: []))
        try move.take(.answered(key: move.onDemand.key, .noCapacity), after: .zero)
        let step = try move.night.handle(.tick, at: move.now + .hours(1))
        let order = try #require(step.launch ?? nil)
        #expect(order.expectedGeneration == 2)
        #expect(order.expectedLoss == 1.5)
    }
}
