// SPDX-License-Identifier: Apache-2.0

package import NightEngine

/// Plays nights in ticks with the deciding part of `Night`: the same policies, the same safety net, the same numbers
/// before them. What it leaves out is the record: events, answers that come late, a backend.
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
    private var machines = TickMachines()

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
        play(ticks: (zones.map(\.count).min() ?? 0) - first) { zone, tick, _ in zones[zone][first + tick] }
    }

    /// `isUp` may look at what the policy is about to see, as an adversary does.
    package mutating func play(
        ticks: Int, isUp: (_ zone: Int, _ tick: Int, _ seen: Outlook) -> Bool
    ) -> TickOutcome {
        outlook = start
        machines = TickMachines()
        var outcome = TickOutcome(zones: night.spotRates.count)
        var tick = 0
        // Of the present stay on Spot.
        var stay = 0
        while tick < ticks {
            for zone in outlook.spot.indices { observe(zone, isUp(zone, tick, outlook), isFirst: tick == 0) }
            let last = outlook.current
            machines.work(&outlook, night)
            if let zone = machines.spotZone, !outlook.spot[zone].isUp {
                if Int64(stay) * night.tick < 3_600_000 { outcome.youngSpotTicks[zone] += stay }
                stay = 0
                machines.loseSpot(&outlook)
                outcome.interruptions += 1
            }
            if outlook.workLeft == 0 {
                outcome.finishTick = tick
                return outcome
            }
            let placement = decide(last, ticksLeft: Int64(night.deadlineTicks - tick))
            let zoneBefore = machines.spotZone
            if machines.move(to: placement, &outlook, night) { outcome.launches += 1 }
            if machines.spotZone != zoneBefore { stay = 0 }
            if let zone = machines.spotZone {
                outcome.spotTicks[zone] += 1
                stay += 1
            }
            if machines.onDemandIsCharged(night) { outcome.onDemandTicks += 1 }
            outlook.elapsed += night.tick
            tick += 1
        }
        // What is known ends here; the last tick of it was worked all the same.
        machines.work(&outlook, night)
        if outlook.workLeft == 0 { outcome.finishTick = tick }
        return outcome
    }

    private mutating func observe(_ zone: Int, _ isUp: Bool, isFirst: Bool) {
        if isFirst || isUp != outlook.spot[zone].isUp {
            outlook.spot[zone].isUp = isUp
            outlook.spot[zone].age = 0
        } else {
            outlook.spot[zone].age += night.tick
        }
    }

    private mutating func decide(_ last: Placement, ticksLeft: Int64) -> Placement {
        let verdict: Verdict
        var placement: Placement
        switch rules {
        case .net(let net):
            verdict = net.verdict(in: outlook)
            placement = verdict.placement
        case .published(let policy):
            verdict = policy.verdict(in: outlook)
            placement = PublishedRules(lastWasSpot: last.isSpot)
                .placement(verdict.placement, in: outlook, ticksLeft: ticksLeft)
        }
        outlook.lineStart = verdict.lineStart
        // Spot that is not there is no machine.
        if case .spot(let zone) = placement, !outlook.spot[zone].isUp { placement = .none }
        return placement
    }
}
