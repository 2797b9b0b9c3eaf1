// SPDX-License-Identifier: Apache-2.0

package import NightEngine
import TrainingJobs

/// Plays nights in ticks with the deciding part of `Night`: the same policies, the same safety net, the same numbers
/// before them. What it leaves out is what a live night adds: answers that come late, losses between checkpoints, events.
///
/// Reused from night to night, so that playing one allocates next to nothing.
package struct TickSimulator: Sendable {
    package enum Rules: Sendable {
        /// Behind our safety net.
        case net(SafetyNet)
        /// Behind the published simulator's own rules, its hole included.
        case published(any Policy)
    }

    private let night: TickNight
    private let rules: Rules
    private let start: Outlook
    private var outlook: Outlook

    package init(_ night: TickNight, _ rules: Rules) {
        self.night = night
        self.rules = rules
        start =
            switch rules {
            case .net: night.outlook(wholeTicks: true)
            case .published: night.outlook(wholeTicks: false)
            }
        outlook = start
    }

    /// `zones` has one availability for each rate of the night, tick by tick; the night begins at `first`. Nothing before
    /// that is shown to the policy.
    package mutating func play(_ zones: [[Bool]], from first: Int) -> TickOutcome {
        outlook = start
        var outcome = TickOutcome(zones: zones.count)
        let ticksKnown = zones.map(\.count).min() ?? 0
        var tick = 0
        while first + tick < ticksKnown {
            observe(zones, first + tick, isFirst: tick == 0)
            let last = outlook.current
            if case .spot(let zone) = last, !outlook.spot[zone].isUp {
                outlook.current = .none
                outcome.interruptions += 1
            }
            account(last)
            if outlook.workLeft == 0 {
                outcome.finishTick = tick
                return outcome
            }
            let placement = decide(last, ticksLeft: Int64(night.deadlineTicks - tick))
            if placement != .none, placement != outlook.current {
                outlook.overheadLeft = night.restartOverhead
                outcome.launches += 1
            }
            outlook.current = placement
            switch placement {
            case .none: break
            case .spot(let zone): outcome.spotTicks[zone] += 1
            case .onDemand: outcome.onDemandTicks += 1
            }
            outlook.elapsed += night.tick
            tick += 1
        }
        return outcome
    }

    private mutating func observe(_ zones: [[Bool]], _ index: Int, isFirst: Bool) {
        for zone in zones.indices {
            let isUp = zones[zone][index]
            if isFirst || isUp != outlook.spot[zone].isUp {
                outlook.spot[zone].isUp = isUp
                outlook.spot[zone].age = 0
            } else {
                outlook.spot[zone].age += night.tick
            }
        }
    }

    /// The tick that is over, on the machine that it was spent on.
    private mutating func account(_ last: Placement) {
        guard last != .none else { return }
        let progress = max(0, night.tick - outlook.overheadLeft)
        outlook.overheadLeft -= night.tick - progress
        outlook.workLeft = max(0, outlook.workLeft - progress)
        outlook.durableWorkLeft = outlook.workLeft
    }

    private mutating func decide(_ last: Placement, ticksLeft: Int64) -> Placement {
        switch rules {
        case .net(let net):
            let verdict = net.verdict(in: outlook)
            outlook.lineStart = verdict.lineStart
            return verdict.placement
        case .published(let policy):
            let verdict = policy.verdict(in: outlook)
            outlook.lineStart = verdict.lineStart
            let placement = PublishedRules(lastWasSpot: last.isSpot)
                .placement(verdict.placement, in: outlook, ticksLeft: ticksLeft)
            // Spot that is not there is no machine.
            if case .spot(let zone) = placement, !outlook.spot[zone].isUp { return .none }
            return placement
        }
    }
}
