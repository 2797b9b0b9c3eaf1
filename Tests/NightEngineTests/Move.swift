// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightshiftTesting
import Testing
import TrainingJobs

/// A night in the middle of a move: Spot trains, on-demand has just been asked for.
struct Move {
    var night: Night
    let spot: LaunchOrder
    let onDemand: LaunchOrder
    var now: Instant
    private(set) var asked: [String] = []
    private(set) var openAtOnce = 0
    private(set) var liveAtOnce = 0

    init() throws {
        let terms = Fixtures.terms()
        now = terms.start
        (night, _) = try Night.open(terms, at: now)
        spot = try #require(try night.handle(.tick, at: now).launch)
        _ = try night.handle(.answered(key: spot.key, .launched), at: now)
        _ = try night.handle(.observed([Self.training(spot, since: now)], missing: []), at: now)
        now = terms.latestSafeSwitch - .seconds(30)
        onDemand = try #require(try night.handle(.tick, at: now).launch)
        #expect(onDemand.offer == Fixtures.onDemand)
    }

    mutating func take(_ input: NightInput, after pause: Duration = .seconds(15)) throws {
        now += pause
        let step = try handle(input)
        asked += step.actions.compactMap { if case .launch(let order) = $0 { order.key } else { nil } }
        openAtOnce = max(openAtOnce, night.state.liveLaunches.count(where: \.isOpen))
        liveAtOnce = max(liveAtOnce, night.state.liveLaunches.count)
    }

    /// A publication is answered at once: what may be put into service is, what is withdrawn stays out of it.
    private mutating func handle(_ input: NightInput) throws -> NightStep {
        var step = try night.handle(input, at: now)
        for action in step.actions {
            let answer: PublicationAnswer
            switch action {
            case .publish: answer = .published(at: now, replaces: nil)
            case .withdraw: answer = .keptBack(.stoppedByPerson, inService: nil)
            case .launch, .stop: continue
            }
            step.events += try night.handle(.published(answer), at: now).events
        }
        return step
    }

    /// All that is live ends, is gone or was never there, as the shell would find.
    mutating func runOut() throws {
        for _ in 0..<4 where night.outcome == nil {
            let live = night.state.liveLaunches
            let ends = live.filter { $0.phase != .requested }.map { launch in
                LaunchPicture(
                    key: launch.order.key, state: .ended(.stopped, at: now), usage: [], report: AgentReport())
            }
            let missing = live.filter { $0.phase == .requested }.map(\.order.key)
            try take(.observed(ends, missing: missing), after: .hours(11))
            try take(.repeatUnfinished)
        }
    }

    static func training(_ order: LaunchOrder, since: Instant) -> LaunchPicture {
        var report = AgentReport()
        report.training = TrainingStart(at: since, generation: nil, units: 0, passedOver: [])
        return LaunchPicture(key: order.key, state: .running(since: since), usage: [], report: report)
    }

    func ended(_ order: LaunchOrder, _ reason: EndReason) -> LaunchPicture {
        LaunchPicture(
            key: order.key, state: .ended(reason, at: now),
            usage: [Usage(from: now - .minutes(5), until: now, rate: order.rate)], report: AgentReport())
    }

    func completed(_ order: LaunchOrder) -> LaunchPicture {
        var picture = ended(order, .completed)
        picture.report = Self.training(order, since: now - .minutes(5)).report
        picture.report.model = ModelArtifact(at: now, digest: "d", bytes: 1, path: "/m")
        return picture
    }
}

enum Happening: CaseIterable {
    case spotInterrupted, spotLost, spotMissing, spotCompleted
    case accepted, refused, throttled, quota, onDemandPending, onDemandTrains, onDemandMissing, onDemandCompleted
    case stopOrdered, repeated, nothing, unknownKey

    func input(_ move: Move) -> NightInput {
        let (spot, onDemand) = (move.spot, move.onDemand)
        switch self {
        case .spotInterrupted: return .observed([move.ended(spot, .interrupted(noticed: false))], missing: [])
        case .spotLost: return .observed([move.ended(spot, .lost)], missing: [])
        case .spotMissing: return .observed([], missing: [spot.key])
        case .spotCompleted: return .observed([move.completed(spot)], missing: [])
        case .accepted: return .answered(key: onDemand.key, .launched)
        case .refused: return .answered(key: onDemand.key, .noCapacity)
        case .throttled: return .answered(key: onDemand.key, .throttled)
        case .quota: return .answered(key: onDemand.key, .quota("0"))
        case .onDemandPending:
            let picture = LaunchPicture(key: onDemand.key, state: .pending, usage: [], report: AgentReport())
            return .observed([picture], missing: [])
        case .onDemandTrains: return .observed([Move.training(onDemand, since: move.now)], missing: [])
        case .onDemandMissing: return .observed([], missing: [onDemand.key])
        case .onDemandCompleted: return .observed([move.completed(onDemand)], missing: [])
        case .stopOrdered: return .stopOrdered
        case .repeated: return .repeatUnfinished
        case .nothing: return .observed([], missing: [])
        case .unknownKey:
            let stranger = LaunchPicture(
                key: "nobody", state: .running(since: move.now), usage: [], report: AgentReport())
            return .observed([stranger], missing: ["nobody else"])
        }
    }
}
