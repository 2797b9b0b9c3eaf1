// SPDX-License-Identifier: Apache-2.0

package import NightEngine
package import SpotMarket
package import TrainingJobs

/// The production `Night`, driven through a simulated world in virtual time. It ends with the same kind of record as a
/// night on real machines, and every view of one is a view of the other.
package struct SimulatedNight: Sendable {
    /// The driver and the night do not understand each other: a bug, with what was wrong.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package var description: String
    }

    package private(set) var events: [NightEvent] = []
    /// Machines that ran after the night had ended.
    package private(set) var leftBehind: [String] = []

    package var outcome: NightOutcome? { events.outcome }

    /// `net` is the terms' own, which who plays many nights of one shape makes once. `pause` says how long to wait
    /// before the next look, given the longest that is allowed. The same arguments always give the same night.
    package init(
        terms: NightTerms, market: Market, conditions: TrainingConditions, behind net: SafetyNet? = nil,
        pause: (_ longest: Duration) -> Duration = { $0 }
    ) throws {
        var world = SimulatedWorld(terms: terms, market: market, conditions: conditions)
        var prices = PriceChanges(of: terms, in: market)
        var now = terms.start
        var (night, opening) = try Night.open(terms, behind: net, at: now)
        events.append(opening)
        let limit = terms.end + .hours(2)
        while night.outcome == nil {
            guard now < limit else { throw Fault(description: "\(terms.night) does not end") }
            if let quotes = prices.due(at: now, in: world) { try take(.priced(quotes), &night, &world, now) }
            let pictures = world.pictures(of: night.state.liveLaunches.map(\.order.key), at: now)
            try take(.observed(pictures, missing: []), &night, &world, now)
            if night.hasUnfinishedOrders { try take(.repeatUnfinished, &night, &world, now) }
            now += min(terms.tick, max(.milliseconds(1), pause(terms.tick)))
        }
        if let first = world.nonsense.first { throw Fault(description: first) }
        leftBehind = world.running(at: now)
    }

    private mutating func take(
        _ input: NightInput, _ night: inout Night, _ world: inout SimulatedWorld, _ now: Instant
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

/// The instants at which a market's prices change, in order. Between them nothing needs to be asked.
private struct PriceChanges {
    private let offers: [Offer]
    private var times: [Instant]

    init(of terms: NightTerms, in market: Market) {
        offers = terms.offers.map(\.offer)
        let steps = offers.compactMap { market.listing(of: $0)?.prices }.flatMap { $0 }
        times = Set(steps.map { terms.start + $0.from }.filter { $0 > terms.start }).sorted(by: >)
    }

    /// All prices, when one has changed since the last call.
    mutating func due(at now: Instant, in world: SimulatedWorld) -> [PricedOffer]? {
        guard let next = times.last, next <= now else { return nil }
        while let next = times.last, next <= now { times.removeLast() }
        return offers.compactMap { world.price(of: $0, at: now) }
    }
}
