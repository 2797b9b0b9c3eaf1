// SPDX-License-Identifier: Apache-2.0

import NightEngine
package import SpotMarket
package import TrainingJobs

/// A cloud in virtual time: it plays a market to the machines of one night and trains nothing, exactly.
///
/// It refuses nonsense: an order under a known key with other content, more than two machines at once, a launch after
/// the night's end, are failures of whoever drives it.
package struct VirtualWorld {
    private let terms: NightTerms
    private let market: Market
    private let conditions: VirtualConditions
    private var machines: [VirtualMachine] = []
    private var onDemandLaunches = 0
    private var generations: [CommittedGeneration] = []

    package init(terms: NightTerms, market: Market, conditions: VirtualConditions) {
        self.terms = terms
        self.market = market
        self.conditions = conditions
    }

    package mutating func launch(_ order: LaunchOrder, at now: Instant) -> LaunchOutcome {
        if let known = machines.first(where: { $0.order.key == order.key }) {
            precondition(known.order == order, "two different orders under the key \(order.key)")
            return .launched
        }
        precondition(now < terms.end, "\(order.key) is launched after the night's end")
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
                order: order, grantedAt: granted, interruptionAt: spell.map { start + $0.until },
                noticeAt: spell.flatMap { spell in spell.notice.map { start + spell.until - $0 } },
                usage: { listing.usage(from: $0, until: $1, nightStart: start) }))
        let live = machines.filter { $0.endsAt(lease: $0.order.notAfter).0 > now }
        precondition(live.count <= 2, "\(live.count) machines at once")
        return .launched
    }

    package mutating func stop(_ key: String, at now: Instant) {
        for index in machines.indices where machines[index].order.key == key && machines[index].stoppedAt == nil {
            machines[index].stoppedAt = max(now, machines[index].grantedAt)
            if machines[index].grantedAt > now { machines[index].stoppedAt = now }
        }
    }

    /// Keys of machines that run at an instant.
    package func running(at now: Instant) -> [String] {
        machines.filter { $0.grantedAt <= now && $0.endsAt(lease: $0.order.notAfter).0 > now }.map(\.order.key)
    }

    /// The pictures of the machines of these keys; time never goes backwards between two calls.
    package mutating func pictures(of keys: [String], at now: Instant) -> [LaunchPicture] {
        advance(to: now)
        return machines.filter { keys.contains($0.order.key) }.map { picture(of: $0, at: now) }
    }

    private mutating func advance(to now: Instant) {
        // Training starts fence older machines off, so they are gone through in order of time.
        let starting = machines.indices
            .filter { machines[$0].training == nil && machines[$0].grantedAt + conditions.restart <= now }
            .sorted { machines[$0].grantedAt < machines[$1].grantedAt }
        for index in starting {
            let at = machines[index].grantedAt + conditions.restart
            guard machines[index].endsAt(lease: machines[index].order.notAfter).0 > at else { continue }
            for older in machines.indices where machines[older].order.epoch < machines[index].order.epoch {
                commit(of: older, until: at)
                if machines[older].model == nil { machines[older].fencedAt = at }
            }
            let newest = generations.last
            if let expected = machines[index].order.expectedGeneration {
                precondition(newest?.generation ?? 0 >= expected, "generation \(expected) was expected")
            }
            machines[index].training = TrainingStart(
                at: at, generation: newest?.generation, units: newest?.units ?? 0, passedOver: [])
        }
        for index in machines.indices { commit(of: index, until: now) }
    }

    /// Adds the checkpoints and the model that a machine finishes by an instant.
    private mutating func commit(of index: Int, until now: Instant) {
        guard let start = machines[index].training, machines[index].model == nil else { return }
        let until = min(now, machines[index].endsAt(lease: machines[index].order.notAfter).0)
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
        let (end, reason) = machine.endsAt(lease: machine.order.notAfter)
        let until = min(end, now)
        var report = AgentReport()
        report.training = machine.training
        report.commits = machine.commits
        report.model = machine.model
        if let start = machine.training, until > start.at {
            let trained = (until - start.at).realSeconds / conditions.secondsPerUnit
            let units = min(terms.totalUnits, start.units + trained)
            report.firstProgress = ProgressPoint(at: start.at, units: start.units)
            report.progress = ProgressPoint(at: until, units: units)
        }
        if let notice = machine.noticeAt, let interruption = machine.interruptionAt, notice <= until, notice >= machine.grantedAt {
            report.notice = InterruptionNotice(seenAt: notice, interruptionAt: interruption)
        }
        let usage = until > machine.grantedAt ? machine.usage(machine.grantedAt, until) : []
        let state: LaunchPicture.State
        if end <= now {
            state = .ended(reason, at: end)
        } else {
            state = machine.grantedAt <= now ? .running(since: machine.grantedAt) : .pending
        }
        return LaunchPicture(key: machine.order.key, state: state, usage: usage, report: report)
    }
}
