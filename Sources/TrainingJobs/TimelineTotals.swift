// SPDX-License-Identifier: Apache-2.0

/// The night in sums: where the time went and what was lost.
package struct TimelineTotals: Hashable, Sendable {
    /// No machine at all.
    package var waiting: Duration = .zero
    /// Machines that were paid for and made no progress yet.
    package var restart: Duration = .zero
    /// Time spent on work that a lost machine had done already, at the pace of the machine that did it again.
    package var redone: Duration = .zero
    package var redoneUnits = 0.0
    /// Machine time; two machines that overlap count twice.
    package var onSpot: Duration = .zero
    package var onDemand: Duration = .zero
    package var noticedInterruptions = 0
    package var unnoticedInterruptions = 0
    /// Machines that died without a word and without the platform calling it an interruption.
    package var machinesLost = 0
    package var restarts = 0

    package var interruptions: Int { noticedInterruptions + unnoticedInterruptions }
}

extension Timeline {
    package func totals(at now: Instant) -> TimelineTotals {
        var totals = TimelineTotals()
        totals.waiting = waitingSpans(at: now).reduce(.zero) { $0 + $1.duration }
        for span in launchSpans(at: now) {
            switch span.kind {
            case .restart: totals.restart += span.duration
            case .redone: totals.redone += span.duration
            case .waiting, .pending, .training: break
            }
        }
        for stay in runningStretches(at: now) {
            switch stay.launch.offer.purchase {
            case .spot: totals.onSpot += stay.until - stay.from
            case .onDemand: totals.onDemand += stay.until - stay.from
            }
        }
        let trained = launches.flatMap(\.attempts).filter { $0.training != nil }
        for (lost, next) in zip(trained, trained.dropFirst()) {
            totals.redoneUnits += redoneUnits(resumedFrom: next.training?.units, after: lost.reach)
        }
        totals.restarts = max(0, trained.count - 1)
        for launch in launches {
            totals.unnoticedInterruptions += launch.attempts.count { $0.until != nil }
            switch launch.end?.reason {
            case .interrupted(noticed: true): totals.noticedInterruptions += 1
            case .interrupted(noticed: false): totals.unnoticedInterruptions += 1
            case .lost: totals.machinesLost += 1
            case .completed, .stopped, .leaseExpired, .fenced, .noCapacity, .trainingFailed, .checkpointsLost, .tripped,
                nil:
                break
            }
        }
        return totals
    }

    /// In service since, if it was put there; else when the model was whole.
    package var readyAt: Instant? {
        if case .published(let at, _)? = publication { at } else { model?.at }
    }

    /// Deadline − ready; negative when it was late.
    package var margin: Duration? {
        guard let readyAt, let terms else { return nil }
        return terms.deadline - readyAt
    }

    /// The last decision's latest safe switch, moved by what became durable since.
    ///
    /// Decisions are recorded when they change, so the last one may be hours old. Its own pace (durable work left per
    /// unit left) carries it to the units that are durable now.
    package var latestSafeSwitch: Instant? {
        guard let terms, let last = decisions.last else { return nil }
        let durableThen = durable.last { $0.at <= last.at }?.units ?? 0
        let left = terms.totalUnits - durableThen
        guard left > 0, durableUnits != durableThen else { return last.decision.latestSafeSwitch }
        let gained = last.decision.durableWorkLeft.realSeconds * (durableUnits - durableThen) / left
        return last.decision.latestSafeSwitch + Duration(realSeconds: gained)
    }

    /// The latest safe switch over time: a staircase of what the decisions said.
    package var latestSafeSwitches: [(at: Instant, latest: Instant)] {
        decisions.map { ($0.at, $0.decision.latestSafeSwitch) }
    }
}
