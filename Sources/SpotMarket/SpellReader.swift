// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Reads the spells of each Spot pool out of a night's events.
///
/// Up: a machine from the instant it was granted until the platform took it (an end), or until it went for another
/// reason, which says only that capacity lasted as long. Down: from an interruption or the first refusal for want of
/// capacity until a machine was granted again. When exactly capacity returned nobody saw: the middle between the last
/// refusal and the order that was granted is taken. A down spell that did not end counts up to its last refusal.
package struct SpellReader: Sendable {
    /// One stretch with its place in time, for a record of the night.
    package struct Stretch: Hashable, Sendable {
        package var pool: MarketPool
        package var from: Instant
        package var spell: PoolSpell
    }

    private struct Machine {
        var pool: MarketPool
        var acceptedAt: Instant?
        var since: Instant?
        var isNoticed = false
    }

    private struct Drought {
        var since: Instant
        /// There was no capacity at this instant, for certain.
        var lastSeen: Instant
    }

    package private(set) var stretches: [Stretch] = []
    private var machines: [String: Machine] = [:]
    private var droughts: [MarketPool: Drought] = [:]

    /// Events in the order of the journal; a night that goes on is read up to now, its last event.
    package init(_ events: [NightEvent]) {
        for event in events { read(event) }
        guard let last = events.last else { return }
        for key in machines.keys.sorted() { close(key, at: last.at, ended: false) }
        for pool in droughts.keys.sorted() { end(pool, censoring: true) }
    }

    private mutating func read(_ event: NightEvent) {
        switch event.kind {
        case .launchRequested(let order) where order.offer.purchase == .spot:
            machines[order.key] = machines[order.key] ?? Machine(pool: MarketPool(order.offer))
        case .launchAnswered(let key, let outcome): answered(key, outcome, at: event.at)
        case .machineRunning(let key, let since): running(key, since)
        case .waitingAgain(let key, let since):
            guard let machine = machines[key] else { break }
            close(key, at: since, ended: true)
            machines[key] = Machine(pool: machine.pool)
        case .noticed(let key, _): machines[key]?.isNoticed = true
        case .launchEnded(let key, let reason, let at, _):
            // A machine under notice was lost, also when we went first.
            let interrupted = if case .interrupted = reason { true } else { machines[key]?.isNoticed ?? false }
            close(key, at: at, ended: interrupted)
        default: break
        }
    }

    private mutating func answered(_ key: String, _ outcome: LaunchOutcome, at: Instant) {
        guard let machine = machines[key] else { return }
        switch outcome {
        case .launched: machines[key]?.acceptedAt = machine.acceptedAt ?? at
        case .noCapacity:
            droughts[machine.pool, default: Drought(since: at, lastSeen: at)].lastSeen = at
            machines[key] = nil
        // Quota, throttling and refusals say nothing about capacity.
        case .quota, .throttled, .refused: machines[key] = nil
        }
    }

    /// A machine that was accepted and never ran returned nothing, so capacity is back only now.
    private mutating func running(_ key: String, _ since: Instant) {
        guard let machine = machines[key], machine.since != since else { return }
        // The platform took the machine and gave another under the same key.
        if machine.since != nil { add(machine, until: since, ended: true) }
        if let drought = droughts[machine.pool] {
            let accepted = max(min(machine.acceptedAt ?? since, since), drought.lastSeen)
            end(machine.pool, returnedBy: accepted)
        }
        machines[key]?.since = since
    }

    private mutating func close(_ key: String, at: Instant, ended: Bool) {
        guard let machine = machines.removeValue(forKey: key), machine.since != nil else { return }
        add(machine, until: at, ended: ended)
        if ended { droughts[machine.pool] = Drought(since: at, lastSeen: at) }
    }

    private mutating func add(_ machine: Machine, until: Instant, ended: Bool) {
        guard let since = machine.since else { return }
        append(machine.pool, .up, from: since, until: until, ended: ended)
    }

    private mutating func end(_ pool: MarketPool, returnedBy accepted: Instant) {
        guard let drought = droughts.removeValue(forKey: pool) else { return }
        let middle = drought.lastSeen + .milliseconds((accepted - drought.lastSeen).milliseconds / 2)
        append(pool, .down, from: drought.since, until: middle, ended: true)
    }

    private mutating func end(_ pool: MarketPool, censoring: Bool) {
        guard censoring, let drought = droughts.removeValue(forKey: pool) else { return }
        append(pool, .down, from: drought.since, until: drought.lastSeen, ended: false)
    }

    private mutating func append(
        _ pool: MarketPool, _ side: PoolSpell.Side, from: Instant, until: Instant, ended: Bool
    ) {
        let hours = (until - from).realSeconds / 3600
        guard hours > 0 || ended else { return }
        stretches.append(
            Stretch(pool: pool, from: from, spell: PoolSpell(side: side, hours: max(0, hours), ended: ended)))
    }
}
