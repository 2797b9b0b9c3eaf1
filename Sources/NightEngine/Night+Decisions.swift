// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension Night {
    func situation(at now: Instant) -> Situation {
        let terms = state.terms
        let current: Situation.Current =
            state.current.map { .machine($0.order.offer, ready: $0.isTraining) } ?? .none
        var pace = state.pace
        for launch in state.liveLaunches {
            if let first = launch.firstProgress, let last = launch.progress { pace.observe(from: first, to: last) }
        }
        let candidates = state.offers
            .map { Situation.Candidate(priced: $0, refusedUntil: state.refusedUntil[$0.offer]) }
            .sorted { ($0.priced.rate, $0.offer.name) < ($1.priced.rate, $1.offer.name) }
        return Situation(
            terms: terms, now: now, current: current,
            spot: candidates.filter { $0.offer.purchase == .spot },
            onDemand: candidates.filter { $0.offer.purchase == .onDemand },
            totalWork: pace.time(for: terms.totalUnits),
            workLeft: pace.time(for: terms.totalUnits - state.units),
            durableWorkLeft: pace.time(for: terms.totalUnits - state.durableUnits),
            spent: state.bill.total(at: now))
    }

    /// What ends a night whatever the policy wants.
    func verdictOfLimits(at now: Instant) -> NightOutcome? {
        let terms = state.terms
        if let model = state.model { return .completed(model, late: model.at > terms.deadline) }
        for launch in state.launches {
            switch launch.phase {
            case .ended(.trainingFailed(let why)): return .failed(.training(why))
            case .ended(.checkpointsLost(let why)): return .failed(.checkpointsLost(why))
            default: continue
            }
        }
        if let budget = terms.budget {
            // Stop while what runs until the next look is still covered.
            let untilNextLook = state.bill.burnRate.cost(of: terms.tick)
            if state.bill.total(at: now) + untilNextLook > budget { return .keptPrevious(.budget) }
        }
        if billedTime(at: now) >= terms.maxRun { return .keptPrevious(.maxRun) }
        if now >= terms.end { return .keptPrevious(.outOfTime) }
        let refused = state.refusals.map(\.offer)
        if state.liveLaunches.isEmpty, state.offers.allSatisfy({ refused.contains($0.offer) }),
            let last = state.refusals.last
        {
            return .failed(.refused("\(last.offer.name): \(last.why)"))
        }
        return nil
    }

    /// Ends what is still live; a stop that was ordered before is not ordered again.
    mutating func stopAll(
        because reason: StopReason, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        for launch in state.liveLaunches where launch.stopRequested == nil && launch.phase != .requested {
            try record(.stopRequested(key: launch.order.key, reason), at: now, in: &step)
            step.actions.append(.stop(key: launch.order.key))
        }
    }

    /// Once the newest machine trains, older ones have nothing left to do: its checkpoint claim fenced them off.
    mutating func stopSuperseded(at now: Instant, in step: inout NightStep) throws(IllegalEvent) {
        guard let current = state.current, current.isTraining else { return }
        for launch in state.liveLaunches
        where launch.order.epoch < current.order.epoch && launch.stopRequested == nil {
            try record(.stopRequested(key: launch.order.key, .superseded), at: now, in: &step)
            step.actions.append(.stop(key: launch.order.key))
        }
    }

    /// After a crash: intents whose call may never have been made are carried out (again). Both calls may be repeated.
    func reissue(in step: inout NightStep) {
        for launch in state.liveLaunches {
            if launch.phase == .requested { step.actions.append(.launch(launch.order)) }
            if launch.stopRequested != nil { step.actions.append(.stop(key: launch.order.key)) }
        }
    }
}
