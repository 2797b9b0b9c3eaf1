// SPDX-License-Identifier: Apache-2.0

package import NightEngine

/// A night in ticks: the semantics of the published "Can't Be Late" simulator (UCB-ADRS/ADRS-Leaderboard,
/// `sky_spot/env.py`; Wu et al., NSDI 2024), in which studies of Spot policies are compared.
///
/// A tick is charged whole; an interruption loses no progress; each launch costs the restart overhead again. The last
/// three properties add what a live night has; 0 and false are the published semantics. Times are whole milliseconds.
package struct TickNight: Hashable, Sendable {
    package var tick: Int64
    package var work: Int64
    package var deadline: Int64
    package var restartOverhead: Int64
    /// Microdollars per hour, a rate for each zone.
    package var spotRates: [Int64]
    package var onDemandRate: Int64
    /// What an on-demand launch waits for its machine; nothing is charged meanwhile.
    package var onDemandWait: Int64 = 0
    /// Training time between saves: what was trained since the last one is lost with the machine.
    package var checkpointInterval: Int64 = 0
    /// Spot goes on training until on-demand does.
    package var overlapsMoves = false

    package init(
        tick: Int64, work: Int64, deadline: Int64, restartOverhead: Int64, spotRates: [Int64], onDemandRate: Int64
    ) {
        self.tick = tick
        self.work = work
        self.deadline = deadline
        self.restartOverhead = restartOverhead
        self.spotRates = spotRates
        self.onDemandRate = onDemandRate
    }

    /// Whole ticks until the deadline: a night that finishes in a later one is late.
    package var deadlineTicks: Int { Int(deadline / tick) }

    /// On-demand from the first tick on: `nil` if even that is late, in ticks otherwise.
    package var leastTicks: Int? {
        let ticks = Int((onDemandWait + work + restartOverhead + tick - 1) / tick)
        return ticks <= deadlineTicks ? ticks : nil
    }
}

extension TickNight {
    /// The night before its first tick. Published policies draw their line to the deadline itself; our safety net counts
    /// `wholeTicks`.
    package func outlook(wholeTicks: Bool) -> Outlook {
        Outlook(
            window: wholeTicks ? deadline / tick * tick : deadline, totalWork: work, restartOverhead: restartOverhead,
            onDemandWait: onDemandWait, tick: tick, checkpointInterval: checkpointInterval,
            spot: spotRates.map { Pool(rate: $0, isUp: false, age: 0) },
            onDemand: [Pool(rate: onDemandRate, isUp: true, age: 0)])
    }
}

/// What a night came to.
package struct TickOutcome: Hashable, Sendable {
    /// The number of ticks until the work was done; `nil` when the availability that is known ended before.
    package var finishTick: Int?
    /// A count for each zone.
    package var spotTicks: [Int]
    /// Of those, in stays that were taken back within their first hour.
    package var youngSpotTicks: [Int]
    package var onDemandTicks = 0
    package var launches = 0
    package var interruptions = 0
    /// The cost in on-demand ticks as the published tables have it, where that is not the exact one.
    package var publishedTicks: Double?

    package init(zones: Int) {
        spotTicks = Array(repeating: 0, count: zones)
        youngSpotTicks = spotTicks
    }

    package func isLate(_ night: TickNight) -> Bool { finishTick.map { $0 > night.deadlineTicks } ?? true }

    /// Hours of on-demand that the same money would have bought.
    package func onDemandHours(_ night: TickNight) -> Double {
        if let publishedTicks { return publishedTicks * Double(night.tick) / 3_600_000 }
        var ticks = Double(onDemandTicks)
        for (zone, count) in spotTicks.enumerated() {
            ticks += Double(count) * Double(night.spotRates[zone]) / Double(night.onDemandRate)
        }
        return ticks * Double(night.tick) / 3_600_000
    }
}
