// SPDX-License-Identifier: Apache-2.0

import NightEngine
package import SpotMarket
package import TrainingJobs

/// Drives the production `Night` through a virtual world with a manual clock.
package struct VirtualNight {
    /// What no shell may do; the night is worth nothing then.
    package struct Nonsense: Error, CustomStringConvertible {
        package var description: String
    }

    package private(set) var events: [NightEvent] = []
    package private(set) var outcome: NightOutcome?
    /// Machines that ran after the night had ended.
    package private(set) var leftBehind: [String] = []

    /// `pause` says how long the shell waits before its next look, given the longest that it may: an adversary's hook.
    package init(
        terms: NightTerms, market: Market, conditions: VirtualConditions,
        pause: (_ longest: Duration) -> Duration = { $0 }
    ) throws {
        var world = VirtualWorld(terms: terms, market: market, conditions: conditions)
        var now = terms.start
        var (night, opening) = try Night.open(terms, at: now)
        events.append(opening)
        let limit = terms.end + .hours(2)
        while night.outcome == nil {
            guard now < limit else { throw Nonsense(description: "the night does not end") }
            let pictures = world.pictures(of: night.state.liveLaunches.map(\.order.key), at: now)
            try Self.take(.observed(pictures, missing: []), &night, &world, now, &events)
            if night.hasUnfinishedOrders { try Self.take(.repeatUnfinished, &night, &world, now, &events) }
            let longest = terms.tick
            now += min(longest, max(.milliseconds(1), pause(longest)))
        }
        if let first = world.nonsense.first { throw Nonsense(description: first) }
        outcome = night.outcome
        leftBehind = world.running(at: now)
    }

    private static func take(
        _ input: NightInput, _ night: inout Night, _ world: inout VirtualWorld, _ now: Instant,
        _ events: inout [NightEvent]
    ) throws {
        var inputs = [input]
        while !inputs.isEmpty {
            let step = try night.handle(inputs.removeFirst(), at: now)
            events += step.events
            for action in step.actions {
                switch action {
                case .launch(let order):
                    inputs.append(.answered(key: order.key, world.launch(order, at: now)))
                case .stop(let key):
                    world.stop(key, at: now)
                case .publish(let order), .withdraw(let order):
                    // At once: how long a gate takes is not the market's doing.
                    inputs.append(.published(.published(at: order.model.at, replaces: nil)))
                }
            }
        }
    }
}
