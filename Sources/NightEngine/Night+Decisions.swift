// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension Night {
    /// A machine that is told to stop may use as long as a notice gives, and is billed meanwhile.
    private static let stopGrace = Duration.minutes(2)

    func situation(at now: Instant) -> Situation {
        let terms = state.terms
        let current = state.current
        var pace = state.pace
        for launch in state.liveLaunches {
            if let first = launch.paceFrom, let last = launch.progress { pace.observe(from: first, to: last) }
        }
        let candidates = state.offers
            .filter { priced in
                priced.offer == current?.order.offer || (budgetAllows(priced, at: now) && runAllows(priced, at: now))
            }
            .sorted(by: PricedOffer.cheaperFirst)
            .map { priced in Situation.Candidate(priced: priced, refusedUntil: state.refusedUntil[priced.offer]) }
        let spot = candidates.filter { $0.offer.purchase == .spot }
        let onDemand = candidates.filter { $0.offer.purchase == .onDemand }
        var outlook = Outlook(opening: terms)
        outlook.totalWork = pace.time(for: terms.totalUnits).milliseconds
        outlook.spot = spot.map { pool($0, at: now) }
        outlook.onDemand = onDemand.map { pool($0, at: now) }
        outlook.elapsed = (now - terms.start).milliseconds
        outlook.workLeft = pace.time(for: terms.totalUnits - state.units).milliseconds
        let durableWorkLeft = pace.time(for: terms.totalUnits - state.durableUnits)
        outlook.durableWorkLeft = durableWorkLeft.milliseconds
        outlook.lineStart = state.lastDecision?.lineStart
        if let current {
            let offer = current.order.offer
            outlook.current =
                spot.firstIndex { $0.offer == offer }.map(Placement.spot)
                ?? onDemand.firstIndex { $0.offer == offer }.map(Placement.onDemand) ?? .none
            outlook.overheadLeft = overheadLeft(of: current, at: now)
        }
        return Situation(
            now: now, latestSafeSwitch: terms.latestSafeSwitch(workLeft: durableWorkLeft), outlook: outlook,
            spot: spot, onDemand: onDemand, spent: state.bill.total(at: now))
    }

    private func pool(_ candidate: Situation.Candidate, at now: Instant) -> Pool {
        let offer = candidate.offer
        let isUp = candidate.refusedUntil.map { $0 <= now } ?? true
        // What was empty and may be asked again: if it has come back, then at some time between.
        let returned = isUp ? state.returned(offer, seenAt: now) : nil
        let since = returned ?? state.poolsSeen[offer] ?? state.terms.start
        return Pool(
            rate: candidate.priced.rate.microdollars, isUp: isUp,
            age: max(0, (now - max(since, state.terms.start)).milliseconds),
            number: state.poolNumbers[offer] ?? 0)
    }

    /// Its whole restart until it runs, and nothing once it trains.
    private func overheadLeft(of launch: LaunchState, at now: Instant) -> Int64 {
        guard !launch.isTraining else { return 0 }
        let passed = launch.runningSince.map { max(.zero, now - $0) } ?? .zero
        return max(0, (state.terms.restartOverhead - passed).milliseconds)
    }

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

    /// Whether the rest of the budget buys anything with this offer. Spot must get past its restart. On-demand must
    /// reach the end: it is bought for the deadline, and one that the budget stops on the way is money for nothing.
    private func budgetAllows(_ priced: PricedOffer, at now: Instant) -> Bool {
        let terms = state.terms
        let together = HourlyRate(microdollars: state.bill.burnRate.microdollars + priced.rate.microdollars)
        switch priced.offer.purchase {
        case .spot:
            return budgetCovers(together, for: terms.restartOverhead + terms.tick + Self.stopGrace, at: now)
        case .onDemand:
            guard terms.budget != nil else { return true }
            let alone = state.pace.time(for: terms.totalUnits - state.durableUnits) + terms.uploadTime
            let overlap = state.bill.burnRate.cost(of: terms.onDemandWait + terms.restartOverhead)
            let reserve = state.bill.total(at: now) + overlap
            return budgetCovers(priced.rate, for: terms.restartOverhead + alone, beside: reserve)
        }
    }

    /// Whether a try of Spot leaves enough of `maxRun` for on-demand to do what is left: else many short stays, each of
    /// them paid, would use up what the promise needs.
    private func runAllows(_ priced: PricedOffer, at now: Instant) -> Bool {
        let terms = state.terms
        guard priced.offer.purchase == .spot, terms.onDemand != nil else { return true }
        let spotAlone = terms.restartOverhead + terms.checkpointInterval + terms.tick * 2
        let overlap = terms.onDemandWait + terms.restartOverhead
        let work = state.pace.time(for: terms.totalUnits - state.durableUnits)
        return billedTime(at: now) + spotAlone + overlap + work + terms.uploadTime <= terms.maxRun
    }

    private func budgetCovers(_ rate: HourlyRate, for time: Duration, at now: Instant) -> Bool {
        state.terms.budget == nil || budgetCovers(rate, for: time, beside: state.bill.total(at: now))
    }

    private func budgetCovers(_ rate: HourlyRate, for time: Duration, beside spent: Money) -> Bool {
        state.terms.budget.map { spent + rate.cost(of: time) <= $0 } ?? true
    }

    /// Ends launches; a stop that was ordered before is not ordered again. One that nobody has answered yet is
    /// withdrawn: it is not asked for again, and stopped if it exists after all.
    mutating func stop(
        _ launches: some Sequence<LaunchState>, because reason: StopReason, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        for launch in launches where launch.stopRequested == nil {
            try record(.stopRequested(key: launch.order.key, reason), at: now, in: &step)
            step.actions.append(.stop(key: launch.order.key))
        }
    }

    /// Once the newest machine trains, older ones have nothing left to do: its checkpoint claim fenced them off.
    mutating func stopSuperseded(at now: Instant, in step: inout NightStep) throws(IllegalEvent) {
        guard let current = state.current, current.isTraining else { return }
        let older = state.liveLaunches.filter { $0.order.epoch < current.order.epoch }
        try stop(older, because: .superseded, at: now, in: &step)
    }

    /// Orders whose call may never have been made, or not have got through, are carried out again. Both calls may be
    /// repeated; what this very step orders anyway is not doubled.
    func reissue(in step: inout NightStep) {
        for launch in state.liveLaunches {
            let action: NightStep.Action
            if launch.stopRequested != nil {
                action = .stop(key: launch.order.key)
            } else if launch.phase == .requested {
                action = .launch(launch.order)
            } else {
                continue
            }
            if !step.actions.contains(action) { step.actions.append(action) }
        }
        if let action = publicationAction, !step.actions.contains(action) { step.actions.append(action) }
    }
}
