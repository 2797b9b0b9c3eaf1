// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What a person has limited: money, paid training time, the night itself. Spot never takes on-demand's share of them.
extension Night {
    /// A machine that is told to stop may use as long as a notice gives, and is billed meanwhile.
    private static let stopGrace = Duration.minutes(2)

    /// What ends a night whatever the policy wants.
    func verdictOfLimits(at now: Instant) -> NightOutcome? {
        let terms = state.terms
        if let outcome = outcomeOfPublication { return outcome }
        if let failure = state.failure { return .failed(failure) }
        if state.isTripped { return .keptPrevious(.tripwire) }
        // Stop while what runs until the next look, and until it has stopped, is still covered.
        if !budgetCovers(state.bill.burnRate, for: terms.tick + Self.stopGrace, at: now) {
            return .keptPrevious(.budget)
        }
        if billedTime(at: now) >= terms.maxRun { return .keptPrevious(.maxRun) }
        if now >= terms.end { return .keptPrevious(.outOfTime) }
        if state.liveLaunches.isEmpty, let last = state.refusals.last,
            state.offers.allSatisfy({ priced in state.refusals.contains { $0.offer == priced.offer } })
        {
            return .failed(.refused("\(last.offer.name): \(last.why)"))
        }
        guard terms.budget != nil, state.liveLaunches.isEmpty else { return nil }
        let wanted = state.offers.filter { terms.policy != .onDemandOnly || $0.offer.purchase == .onDemand }
        return wanted.contains { budgetAllows($0, at: now) } ? nil : .keptPrevious(.budget)
    }

    /// Whether the limits allow a new machine with this offer.
    func limitsAllow(_ priced: PricedOffer, at now: Instant) -> Bool {
        switch priced.offer.purchase {
        case .spot: budgetAllows(priced, at: now) && leavesOnDemandItsShare(priced, at: now)
        case .onDemand: budgetAllows(priced, at: now)
        }
    }

    /// Whether the rest of the budget buys anything with this offer. Spot must get past its restart. On-demand must
    /// reach the end: it is bought for the deadline, and one that the budget stops on the way is money for nothing.
    private func budgetAllows(_ priced: PricedOffer, at now: Instant) -> Bool {
        let terms = state.terms
        switch priced.offer.purchase {
        case .spot:
            let together = HourlyRate(microdollars: state.bill.burnRate.microdollars + priced.rate.microdollars)
            return budgetCovers(together, for: terms.restartOverhead + terms.tick + Self.stopGrace, at: now)
        case .onDemand:
            return budgetCovers(priced.rate, for: onDemandTime, at: now)
        }
    }

    /// Whether Spot may go on until on-demand trains. A price that has risen meanwhile may have used up what that costs.
    func limitsAllowOverlap(with onDemand: HourlyRate, at now: Instant) -> Bool {
        let overlap = state.terms.onDemandWait + state.terms.restartOverhead
        let besides = state.bill.total(at: now) + state.bill.burnRate.cost(of: overlap + Self.stopGrace)
        return budgetCovers(onDemand, for: onDemandTime, beside: besides)
            && billedTime(at: now) + overlap + onDemandTime <= state.terms.maxRun
    }

    /// Whether a try of Spot, to the first save that it could make, leaves on-demand what it needs for the rest.
    private func leavesOnDemandItsShare(_ priced: PricedOffer, at now: Instant) -> Bool {
        let terms = state.terms
        let burning = HourlyRate(microdollars: state.bill.burnRate.microdollars + priced.rate.microdollars)
        let slack = limitSlack(burning: burning, machines: machinesRunning + 1, at: now)
        return slack >= (terms.restartOverhead + terms.checkpointInterval + terms.tick * 2).milliseconds
    }

    /// See `Outlook.limitSlack`.
    func limitSlack(at now: Instant) -> Int64 {
        limitSlack(burning: state.bill.burnRate, machines: max(1, machinesRunning), at: now)
    }

    private var machinesRunning: Int { state.liveLaunches.count { $0.runningSince != nil } }

    /// So many machines, which burn so much, are paid until on-demand trains, its wait and its restart among it.
    private func limitSlack(burning: HourlyRate, machines: Int, at now: Instant) -> Int64 {
        let terms = state.terms
        guard let onDemand = state.offers.filter({ $0.offer.purchase == .onDemand }).map(\.rate).min() else {
            return .max
        }
        let overlap = terms.onDemandWait + terms.restartOverhead
        var slack = Int64.max
        let runLeft = terms.maxRun - billedTime(at: now) - onDemandTime
        // A limit into which on-demand does not fit any more keeps nothing back, unless it is there: leaving it is a choice.
        let hasOnDemand = state.current?.order.offer.purchase == .onDemand
        if runLeft >= .zero || hasOnDemand { slack = (runLeft - overlap * machines).milliseconds / Int64(machines) }
        if let budget = terms.budget, burning.microdollars > 0 {
            let moneyLeft = budget - state.bill.total(at: now) - onDemand.cost(of: onDemandTime)
            if moneyLeft >= .zero || hasOnDemand {
                let left = moneyLeft - burning.cost(of: overlap) - burning.cost(of: Self.stopGrace)
                slack = min(slack, Int64(clamping: left.units / Int128(burning.microdollars)))
            }
        }
        return slack
    }

    /// What on-demand is paid for, if it has to do all that is not durable.
    private var onDemandTime: Duration {
        let terms = state.terms
        return terms.restartOverhead + state.pace.time(for: terms.totalUnits - state.durableUnits) + terms.uploadTime
    }

    private func budgetCovers(_ rate: HourlyRate, for time: Duration, at now: Instant) -> Bool {
        state.terms.budget == nil || budgetCovers(rate, for: time, beside: state.bill.total(at: now))
    }

    private func budgetCovers(_ rate: HourlyRate, for time: Duration, beside spent: Money) -> Bool {
        state.terms.budget.map { spent + rate.cost(of: time) <= $0 } ?? true
    }
}
