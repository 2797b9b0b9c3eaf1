// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// A cloud in virtual time: it plays a market to the machines of one night and trains nothing, exactly.
///
/// It refuses nonsense: an order under a known key with other content, more than two machines at once, a launch after
/// the night's end. What was refused is in `nonsense`, and whoever drives the world looks there.
package struct VirtualWorld: Sendable {
    private let terms: NightTerms
    private let market: Market
    private let conditions: VirtualConditions
    private var machines: [VirtualMachine] = []
    private var onDemandLaunches = 0
    private var generations: [CommittedGeneration] = []
    package private(set) var nonsense: [String] = []

    package init(terms: NightTerms, market: Market, conditions: VirtualConditions) {
        self.terms = terms
        self.market = market
        self.conditions = conditions
    }

    package mutating func launch(_ order: LaunchOrder, at now: Instant) -> LaunchOutcome {
        if let known = machines.first(where: { $0.order.key == order.key }) {
            return known.order == order ? .launched : refuse("two different orders under the key \(order.key)")
        }
        guard now < terms.end else { return refuse("\(order.key) is launched after the night's end") }
        let live = machines.filter { $0.end.at > now }.map(\.order.key)
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
            VirtualMachine(
                order: order, launchedAt: now, grantedAt: granted, interruptionAt: spell.map { start + $0.until },
                noticeAt: spell.flatMap { spell in spell.notice.map { start + spell.until - $0 } }, listing: listing,
                nightStart: start))
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
        return machines.filter { keys.contains($0.order.key) }.map { picture(of: $0, at: now) }
    }

    private mutating func refuse(_ what: String) -> LaunchOutcome {
        nonsense.append(what)
        return .refused(what)
    }

    private mutating func advance(to now: Instant) {
        // Training starts fence older machines off, so they are gone through in order of time.
        let starting = machines.indices
            .filter { machines[$0].training == nil && machines[$0].grantedAt + conditions.restart <= now }
            .sorted { machines[$0].grantedAt < machines[$1].grantedAt }
        for index in starting {
            let at = machines[index].grantedAt + conditions.restart
            guard machines[index].end.at > at else { continue }
            for older in machines.indices where machines[older].order.epoch < machines[index].order.epoch {
                commit(of: older, until: at)
                if machines[older].model == nil { machines[older].fencedAt = min(machines[older].fencedAt ?? at, at) }
            }
            let newest = generations.last
            if let expected = machines[index].order.expectedGeneration, newest?.generation ?? 0 < expected {
                nonsense.append("\(machines[index].order.key) expects generation \(expected), which is not there")
            }
            machines[index].training = TrainingStart(
                at: at, generation: newest?.generation, units: newest?.units ?? 0, passedOver: [])
        }
        for index in machines.indices { commit(of: index, until: now) }
    }

    /// Adds the checkpoints and the model that a machine finishes by an instant.
    private mutating func commit(of index: Int, until now: Instant) {
        guard let start = machines[index].training, machines[index].model == nil else { return }
        let until = min(now, machines[index].end.at)
        while true {
            let done = machines[index].commits.last?.units ?? start.units
            let next = min(done + conditions.unitsPerCheckpoint, terms.totalUnits)
            guard next > done else { break }
            let at = instant(of: next, from: start)
            guard at <= until else { break }
            let generation = CommittedGeneration(
                generation: (generations.last?.generation ?? 0) + 1, units: next, bytes: 1 << 20, at: at)
            generations.append(generation)
            machines[index].commits.append(generation)
        }
        let ready = instant(of: terms.totalUnits, from: start) + conditions.upload
        if ready <= until {
            machines[index].model = ModelArtifact(at: ready, digest: "virtual", bytes: 1 << 20, path: "/virtual/model")
        }
    }

    private func instant(of units: Double, from start: TrainingStart) -> Instant {
        start.at + .milliseconds(Int64(((units - start.units) * conditions.secondsPerUnit * 1000).rounded(.up)))
    }

    private func picture(of machine: VirtualMachine, at now: Instant) -> LaunchPicture {
        let (end, reason) = machine.end
        let until = min(end, now)
        var report = AgentReport()
        report.training = machine.training
        report.commits = machine.commits
        report.model = machine.model
        if let start = machine.training, until > start.at {
            report.firstProgress = ProgressPoint(at: start.at, units: start.units)
            report.progress = report.firstProgress
            let trained = ((until - start.at).realSeconds / conditions.secondsPerUnit + 1e-9).rounded(.down)
            if trained > 0 {
                let units = min(terms.totalUnits, start.units + trained)
                report.progress = ProgressPoint(at: instant(of: units, from: start), units: units)
            }
        }
        if let notice = machine.noticeAt, let interruption = machine.interruptionAt, notice <= until,
            notice >= machine.grantedAt
        {
            report.notice = InterruptionNotice(seenAt: notice, interruptionAt: interruption)
        }
        let state: LaunchPicture.State
        if end <= now {
            state = .ended(reason, at: end)
        } else {
            state = machine.grantedAt <= now ? .running(since: machine.grantedAt) : .pending
        }
        return LaunchPicture(key: machine.order.key, state: state, usage: machine.usage(until: now), report: report)
    }
}
