// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What was learned about one pool.
package struct PoolFit: Codable, Hashable, Sendable {
    package var pool: MarketPool
    /// Nights in which it was tried.
    package var nights: Int
    /// Traces that speak of it.
    package var traces: Int
    package var loss: HazardFit
    package var recovery: HazardFit

    package init(pool: MarketPool, nights: Int, traces: Int, spells: [PoolSpell]) {
        self.pool = pool
        self.nights = nights
        self.traces = traces
        loss = HazardFit(spells.filter { $0.side == .up })
        recovery = HazardFit(spells.filter { $0.side == .down })
    }

    package var model: MarketModel {
        MarketModel(
            loss: loss.law, recovery: recovery.law,
            samples: MarketModel.Samples(
                endedUp: loss.ends, endedDown: recovery.ends, hoursUp: loss.hours, hoursDown: recovery.hours))
    }
}

/// Collects the spells of every pool from nights and traces.
package struct MarketFitter: Sendable {
    private struct Seen {
        var nights = 0
        var traces = 0
        var spells: [PoolSpell] = []
    }

    /// What a night saw of a pool begins there, and so does a recording of it.
    private struct Beginning: Hashable {
        var pool: MarketPool
        var at: Instant
    }

    private var seen: [MarketPool: Seen] = [:]
    private var beginnings: Set<Beginning> = []

    package init() {}

    package mutating func add(night events: [NightEvent]) {
        let stretches = SpellReader(events).stretches
        for (pool, own) in Dictionary(grouping: stretches, by: \.pool) {
            seen[pool, default: Seen()].spells += own.map(\.spell)
            seen[pool, default: Seen()].nights += 1
            if let first = own.map(\.from).min() { beginnings.insert(Beginning(pool: pool, at: first)) }
        }
    }

    /// Whether a trace was recorded from a night that was added already: to add it too would count the night twice.
    package func hasSeen(_ trace: AvailabilityTrace) -> Bool {
        guard trace.provenance.form == .nightshift, let pool = trace.pool, let start = trace.start else { return false }
        return beginnings.contains(Beginning(pool: pool, at: start))
    }

    package mutating func add(_ trace: AvailabilityTrace, of pool: MarketPool) {
        seen[pool, default: Seen()].traces += 1
        seen[pool, default: Seen()].spells += trace.spells
    }

    /// In order of type and zone.
    package var fits: [PoolFit] {
        seen.sorted { $0.key < $1.key }.map { pool, seen in
            PoolFit(pool: pool, nights: seen.nights, traces: seen.traces, spells: seen.spells)
        }
    }
}
