// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension Night {
    func situation(at now: Instant) -> Situation {
        let terms = state.terms
        let current = state.current
        var pace = state.pace
        for launch in state.liveLaunches {
            if let first = launch.paceFrom, let last = launch.progress { pace.observe(from: first, to: last) }
        }
        let candidates = state.offers
            .filter { priced in
                priced.offer == current?.order.offer || limitsAllow(priced, at: now)
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
            outlook.trainingMeanwhile = trainingMeanwhile(current).flatMap { offer in
                spot.firstIndex { $0.offer == offer }
            }
            outlook.limitSlack = limitSlack(at: now)
        }
        return Situation(
            now: now, latestSafeSwitch: terms.latestSafeSwitch(workLeft: durableWorkLeft), outlook: outlook,
            spot: spot, onDemand: onDemand, spent: state.bill.total(at: now))
    }

    /// Spot that goes on until on-demand, which was asked for after it, has a machine. Then it may be fenced off any moment.
    private func trainingMeanwhile(_ current: LaunchState) -> Offer? {
        guard current.order.offer.purchase == .onDemand, current.runningSince == nil else { return nil }
        return state.liveLaunches.last {
            $0.stopRequested == nil && $0.isTraining && $0.order.offer.purchase == .spot
        }?.order.offer
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

    /// Its whole restart until it runs, and nothing once it trains, not before.
    private func overheadLeft(of launch: LaunchState, at now: Instant) -> Int64 {
        guard !launch.isTraining else { return 0 }
        let passed = launch.runningSince.map { max(.zero, now - $0) } ?? .zero
        return max(1, (state.terms.restartOverhead - passed).milliseconds)
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
