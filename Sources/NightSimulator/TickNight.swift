// SPDX-License-Identifier: Apache-2.0

/// A night in ticks: the semantics of the published "Can't Be Late" simulator (UCB-ADRS/ADRS-Leaderboard,
/// `sky_spot/env.py`; Wu et al., NSDI 2024), in which studies of Spot policies are compared.
///
/// A tick is charged whole; an interruption loses no progress; each launch costs the restart overhead again. Times are
/// whole milliseconds.
package struct TickNight: Hashable, Sendable {
    package var tick: Int64
    package var work: Int64
    package var deadline: Int64
    package var restartOverhead: Int64
    /// Microdollars per hour, a rate for each zone.
    package var spotRates: [Int64]
    package var onDemandRate: Int64

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
        let ticks = Int((work + restartOverhead + tick - 1) / tick)
        return ticks <= deadlineTicks ? ticks : nil
    }
}

/// What a night came to.
package struct TickOutcome: Hashable, Sendable {
    /// The number of ticks until the work was done; `nil` when the availability that is known ended before.
    package var finishTick: Int?
    /// A count for each zone.
    package var spotTicks: [Int]
    package var onDemandTicks = 0
    package var launches = 0
    package var interruptions = 0

    package init(zones: Int) { spotTicks = Array(repeating: 0, count: zones) }

    package func isLate(_ night: TickNight) -> Bool { finishTick.map { $0 > night.deadlineTicks } ?? true }

    /// Hours of on-demand that the same money would have bought.
    package func onDemandHours(_ night: TickNight) -> Double {
        var ticks = Double(onDemandTicks)
        for (zone, count) in spotTicks.enumerated() {
            ticks += Double(count) * Double(night.spotRates[zone]) / Double(night.onDemandRate)
        }
        return ticks * Double(night.tick) / 3_600_000
    }
}
