// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// A cloud in virtual time: it plays a market to the machines of one night and trains nothing, exactly.
///
/// It refuses nonsense: an order under a known key with other content, more than two machines at once, a launch after
/// the night's end. What was refused is in `nonsense`, and whoever drives the world looks there.
package struct SimulatedWorld: Sendable {
    private let terms: NightTerms
    private let market: Market
    private let conditions: TrainingConditions
    private var machines: [SimulatedMachine] = []
    private var onDemandLaunches = 0
    private var newest: CommittedGeneration?
    package private(set) var nonsense: [String] = []

    package init(terms: NightTerms, market: Market, conditions: TrainingConditions) {
        self.terms = terms
        self.market = market
        self.conditions = conditions
    }

    package mutating func launch(_ order: LaunchOrder, at now: Instant) -> LaunchOutcome {
        if let known = machines.first(where: { $0.order.key == order.key }) {
            return known.order == order ? .launched : refuse("two different orders under the key \(order.key)")
        }
        guard now < terms.end else { return refuse("\(order.key) is launched after the night's end") }
        let live = live(at: now)
        guard live.count < 2 else { return refuse("\(order.key) beside \(live.joined(separator: " and "))") }
        guard let listing = market.listing(of: order.offer) else { return .refused("not listed") }
        var granted = now
        var spell: Market.Spell?
        if order.offer.purchase == .spot {
            guard let found = listing.spell(at: now - terms.start) else { return .noCapacity }
            spell = found
        } else {
            granted = now + listing.wait(ofLaunch: onDemandLaunches)
            onDemandLaunches += 1
        }
        let start = terms.start
        machines.append(
            SimulatedMachine(
                order: order, grantedAt: granted, interruptionAt: spell.map { start + $0.until },
                noticeAt: spell.flatMap { spell in spell.notice.map { start + spell.until - $0 } }, listing: listing,
                nightStart: start, onDemandRate: terms.onDemand(like: order.offer)?.rate))
        return .launched
    }

    package mutating func stop(_ key: String, at now: Instant) {
        for index in machines.indices where machines[index].order.key == key && machines[index].stoppedAt == nil {
            machines[index].stoppedAt = now
        }
    }

    package func price(of offer: Offer, at now: Instant) -> PricedOffer? {
        market.price(of: offer, at: now - terms.start)
    }

    /// Keys of everything that was ever launched, in order.
    package var keys: [String] { machines.map(\.order.key) }

    /// Keys of machines that run at an instant.
    package func running(at now: Instant) -> [String] {
        machines.filter { $0.grantedAt <= now && $0.end.at > now }.map(\.order.key)
    }

    /// Keys of machines that exist at an instant, granted or not.
    package func live(at now: Instant) -> [String] { machines.filter { $0.end.at > now }.map(\.order.key) }

    /// What the platform charges for the whole night up to an instant.
    package func cost(at now: Instant) -> Money {
        machines.reduce(.zero) { sum, machine in machine.usage(until: now).reduce(sum) { $0 + $1.cost } }
    }

    /// The pictures of the machines of these keys; time never goes backwards between two calls.
    package mutating func pictures(of keys: [String], at now: Instant) -> [LaunchPicture] {
        advance(to: now)
        return keys.compactMap { key in
            machines.lastIndex { $0.order.key == key }.map { machines[$0].picture(at: now) }
        }
    }

    private mutating func refuse(_ what: String) -> LaunchOutcome {
        nonsense.append(what)
        return .refused(what)
    }

    private mutating func advance(to now: Instant) {
        // Training starts fence older machines off, so they are gone through in order of time.
        let living = machines.indices.filter { !machines[$0].isOver }
        let starting =
            living
            .filter { machines[$0].course == nil && trainingStart(of: $0) <= now }
            .sorted { trainingStart(of: $0) < trainingStart(of: $1) }
        for index in starting where machines[index].end.at > trainingStart(of: index) { start(index) }
        for index in living {
            commit(of: index, until: now)
            machines[index].isOver = machines[index].end.at <= now
        }
    }

    private func trainingStart(of index: Int) -> Instant {
        machines[index].grantedAt + conditions.restart(on: machines[index].order.offer)
    }

    private mutating func start(_ index: Int) {
        let at = trainingStart(of: index)
        for older in machines.indices
        where !machines[older].isOver && machines[older].order.epoch < machines[index].order.epoch {
            commit(of: older, until: at)
            if machines[older].model == nil { machines[older].fencedAt = min(machines[older].fencedAt ?? at, at) }
        }
        if let expected = machines[index].order.expectedGeneration, newest?.generation ?? 0 < expected {
            nonsense.append("\(machines[index].order.key) expects generation \(expected), which is not there")
        }
        let start = TrainingStart(
            at: at, generation: newest?.generation, units: newest?.units ?? 0, passedOver: [])
        machines[index].course = TrainingCourse(
            start, totalUnits: terms.totalUnits, conditions: conditions, noticeAt: machines[index].noticeAt)
    }

    /// Adds the checkpoints and the model that a machine finishes by an instant.
    private mutating func commit(of index: Int, until now: Instant) {
        guard let course = machines[index].course, machines[index].model == nil else { return }
        let until = min(now, machines[index].end.at)
        for save in course.saves(after: machines[index].commits.count, until: until) {
            let generation = CommittedGeneration(
                generation: (newest?.generation ?? 0) + 1, units: save.units, bytes: 1 << 20, at: save.at)
            newest = generation
            machines[index].commits.append(generation)
        }
        if let ready = course.readyAt, ready <= until {
            machines[index].model = ModelArtifact(
                at: ready, digest: "virtual", bytes: 1 << 20, path: "/virtual/model")
        }
    }
}
