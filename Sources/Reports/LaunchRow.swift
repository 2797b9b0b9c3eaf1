// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// One launch of a report: what it was, how long it was billed, what it cost and how it ended.
struct LaunchRow: Hashable, Sendable {
    var name: String
    var offer: String
    var purchase: PurchaseOption
    var from: Instant?
    var until: Instant?
    var billed: Duration
    var cost: Money
    var end: String

    /// In order of launch. `from` is `nil` when no machine was granted.
    static func rows(_ timeline: Timeline, _ bill: Bill, at now: Instant) -> [LaunchRow] {
        timeline.launches.map { launch in
            let line = bill.lines.first { $0.key == launch.key }
            let stop = launch.stop.map { "stopped: \(OutcomeWords.stop($0.reason))" }
            let end = launch.end.map { end in
                end.reason == .stopped ? stop ?? OutcomeWords.end(.stopped) : OutcomeWords.end(end.reason)
            }
            return LaunchRow(
                name: LaunchName.short(launch.key), offer: OutcomeWords.offer(launch.offer),
                purchase: launch.offer.purchase,
                from: launch.runningSince, until: launch.end?.at,
                billed: line?.duration(at: now) ?? .zero, cost: line?.cost(at: now) ?? .zero,
                end: end ?? (launch.isRunning ? stop ?? "runs" : "waits for capacity"))
        }
    }
}
