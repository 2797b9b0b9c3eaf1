// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// Nights cut out of availability traces: their starts lie evenly over what the traces hold, and all zones of one night
/// are taken at the same time.
package struct TraceNights: Sendable {
    /// Prices, and on-demand's waits; what it says about Spot's capacity is replaced.
    private let base: Market
    private let traces: ZoneTraces
    /// Which of the traces each Spot offer follows.
    private let zones: [Offer: Int]
    private let span: Int
    private let length: Duration
    private let notices: Notices

    /// A trace knows nothing of notices: this share of the interruptions has one of two minutes, drawn from the seed.
    package struct Notices: Hashable, Sendable {
        package var share: Double
        package var seed: UInt64

        package init(share: Double, seed: UInt64) {
            self.share = share
            self.seed = seed
        }
    }

    /// Refuses traces that are shorter than one night from its start to its deadline; what lies behind a trace's end
    /// has no capacity.
    package init(
        _ traces: ZoneTraces, for zones: [Offer: Int], base: Market, terms: NightTerms, notices: Notices
    ) throws(TraceProblems) {
        let window = terms.deadline - terms.start
        try traces.requireLength(window)
        self.base = base
        self.traces = traces
        self.zones = zones
        self.notices = notices
        let gap = traces.gapMilliseconds
        span = traces.count - Int((window.milliseconds + gap - 1) / gap)
        length = terms.end - terms.start
    }

    /// The tick at which a night starts.
    package func start(of night: Int, among count: Int) -> Int {
        count <= 1 ? 0 : span * night / (count - 1)
    }

    package func market(of night: Int, among count: Int) -> Market {
        let start = start(of: night, among: count)
        var market = base
        for index in market.listings.indices {
            guard let zone = zones[market.listings[index].offer] else { continue }
            var random = SplitMix64(
                seed: notices.seed &+ UInt64(night) &+ UInt64(zone) &* 0x9e37_79b9_7f4a_7c15)
            market.listings[index].supply = .spells(
                traces.zones[zone].spells(from: start, through: length) {
                    random.uniform() < notices.share ? .seconds(120) : nil
                })
        }
        return market
    }
}

extension AvailabilityTrace {
    /// Stretches with capacity, in times since tick `start`. What nobody watched has none.
    func spells(from start: Int, through length: Duration, notice: () -> Duration?) -> [Market.Spell] {
        let end = min(count, start + Int((length.milliseconds + gapMilliseconds - 1) / gapMilliseconds))
        var spells: [Market.Spell] = []
        var tick = start
        while tick < end {
            guard self[tick] else {
                tick += 1
                continue
            }
            let first = tick
            while tick < end, self[tick] { tick += 1 }
            spells.append(
                Market.Spell(from: time(first - start), until: time(tick - start), notice: notice()))
        }
        return spells
    }

    private func time(_ ticks: Int) -> Duration { .milliseconds(gapMilliseconds * Int64(ticks)) }
}
