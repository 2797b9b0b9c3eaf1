// SPDX-License-Identifier: Apache-2.0

import NightEngine

extension TickNight {
    /// The clairvoyant optimum of the night that begins at `first`; without a finish when not even on-demand from the
    /// first tick is done in time.
    package func optimum(_ zones: [[Bool]], from first: Int, asPublished: Bool) -> TickOutcome {
        var outcome = TickOutcome(zones: zones.count)
        let optimum = ClairvoyantOptimum(
            tick: tick, work: work, restartOverhead: restartOverhead, window: deadline, spotRates: spotRates,
            onDemandRate: onDemandRate)
        let isUp = { (zone: Int, tick: Int) in zones[zone][first + tick] }
        guard let solution = optimum.solution(isUp: isUp) else { return outcome }
        outcome.finishTick = solution.finishTick
        var last = Placement.none
        for placement in solution.course {
            if placement != .none, placement != last { outcome.launches += 1 }
            switch placement {
            case .none: break
            case .spot(let zone): outcome.spotTicks[zone] += 1
            case .onDemand: outcome.onDemandTicks += 1
            }
            last = placement
        }
        // Published studies have one price for all zones.
        if asPublished, spotRates.allSatisfy({ $0 == spotRates[0] }) {
            outcome.publishedTicks = optimum.singlePrecisionTicks(
                spotShare: Double(spotRates[0]) / Double(onDemandRate), isUp: isUp)
        }
        return outcome
    }
}
