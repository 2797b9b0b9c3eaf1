// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a value table is solved for: a night's shape, its prices and what is believed of a Spot pool. Equal shapes have
/// equal tables.
package struct ValueShape: Hashable, Sendable {
    /// Milliseconds, as in `Outlook`.
    package var window, totalWork, restartOverhead, onDemandWait, tick, checkpointInterval: Int64
    /// Microdollars per hour of the cheapest.
    package var spotRate, onDemandRate: Int64
    package var loss, recovery: HazardLaw

    /// `nil` where there is nothing to weigh: no Spot, or no on-demand to fall back on.
    package init?(_ start: Outlook, believing model: MarketModel) {
        guard let spot = start.spot.first, let onDemand = start.onDemand.first, start.window > 0, start.tick > 0
        else { return nil }
        window = start.window
        totalWork = start.totalWork
        restartOverhead = start.restartOverhead
        onDemandWait = start.onDemandWait
        tick = start.tick
        checkpointInterval = start.checkpointInterval
        spotRate = spot.rate
        onDemandRate = onDemand.rate
        loss = model.loss
        recovery = model.recovery
    }
}
