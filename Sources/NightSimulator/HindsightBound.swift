// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// What a night costs at least in a given market, whoever decides: the clairvoyant optimum in ticks, with every
/// difference between ticks and real nights rounded in its favour.
///
/// On-demand comes at once, a save takes no time, nothing is lost with a machine, an offer always has its lowest price
/// of the night, a tick with any capacity has all of it, no margin is kept, restarts and work are cut to whole ticks,
/// and the window is filled up to them.
package struct HindsightBound: Sendable {
    private let terms: NightTerms
    private let spot: [Offer]
    private let restart: Duration
    private let upload: Duration
    private let work: Duration

    package init(_ terms: NightTerms, under conditions: TrainingConditions) {
        self.terms = terms
        spot = terms.offers.map(\.offer).filter { $0.purchase == .spot }
        restart = terms.offers.map { conditions.restart(on: $0.offer) }.min() ?? conditions.restart
        upload = conditions.upload
        work = .milliseconds(Int64(terms.totalUnits * conditions.secondsPerUnit * 1000))
    }

    /// `nil` when nothing would have been in time.
    package func cost(in market: Market) -> Money? {
        let tick = terms.tick.milliseconds
        let work = work.milliseconds / tick * tick
        let rates = spot.map { lowest($0, market) ?? .max }
        let onDemand = terms.offers.filter { $0.offer.purchase == .onDemand }.compactMap { lowest($0.offer, market) }
            .min()
        let window = (terms.deadline - upload - terms.start).milliseconds
        guard work > 0, window > 0, let onDemand else { return nil }
        let ticks = Int((window + tick - 1) / tick)
        let up = spot.map { capacity($0, market, ticks) }
        let optimum = ClairvoyantOptimum(
            tick: tick, work: work, restartOverhead: restart.milliseconds / tick * tick,
            window: Int64(ticks) * tick, spotRates: rates, onDemandRate: onDemand)
        guard let sum = optimum.rateTicks(isUp: { up[$0][$1] }) else { return nil }
        let cheapest = HourlyRate(microdollars: min(onDemand, rates.min() ?? onDemand))
        return Money(units: Int128(sum) * Int128(tick)) + cheapest.cost(of: upload)
    }

    private func lowest(_ offer: Offer, _ market: Market) -> Int64? {
        market.listing(of: offer)?.prices.map(\.rate.microdollars).min()
    }

    private func capacity(_ offer: Offer, _ market: Market, _ ticks: Int) -> [Bool] {
        var up = [Bool](repeating: false, count: ticks)
        guard case .spells(let spells)? = market.listing(of: offer)?.supply else { return up }
        let tick = terms.tick.milliseconds
        for spell in spells {
            let first = max(0, spell.from.milliseconds / tick)
            let last = min(Int64(ticks), (spell.until.milliseconds + tick - 1) / tick)
            for index in stride(from: first, to: last, by: 1) { up[Int(index)] = true }
        }
        return up
    }
}
