// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// An instant of a night with the names that an `Outlook` leaves out, to turn a verdict into a decision that explains
/// itself.
package struct Situation: Hashable, Sendable {
    /// An offer as it can be had now.
    package struct Candidate: Hashable, Sendable {
        package var priced: PricedOffer
        /// It was refused, or taken away, and is not asked again before this.
        package var refusedUntil: Instant?

        package var offer: Offer { priced.offer }

        package init(priced: PricedOffer, refusedUntil: Instant?) {
            self.priced = priced
            self.refusedUntil = refusedUntil
        }
    }

    package var now: Instant
    package var latestSafeSwitch: Instant
    package var outlook: Outlook
    /// As the outlook's pools, index by index.
    package var spot: [Candidate]
    package var onDemand: [Candidate]
    package var spent: Money

    package func choice(_ placement: Placement) -> Choice {
        switch placement {
        case .none: .wait
        case .spot(let index): .use(spot[index].offer)
        case .onDemand(let index): .use(onDemand[index].offer)
        }
    }

    package func decision(_ verdict: Verdict, appraisals: [Appraisal]) -> Decision {
        var decision = Decision(
            choice: choice(verdict.placement), reason: verdict.reason,
            alternatives: alternatives(to: verdict, appraisals), slack: .milliseconds(outlook.slack),
            latestSafeSwitch: latestSafeSwitch, workLeft: .milliseconds(outlook.workLeft),
            durableWorkLeft: .milliseconds(outlook.durableWorkLeft), spent: spent)
        decision.expectedCost = appraisals.cost(of: verdict.placement)
        decision.lineStart = verdict.lineStart
        return decision
    }

    /// Everything else that could have been chosen, Spot first, then on-demand, then waiting.
    private func alternatives(to verdict: Verdict, _ appraisals: [Appraisal]) -> [Alternative] {
        let placements = spot.indices.map(Placement.spot) + onDemand.indices.map(Placement.onDemand) + [.none]
        return placements.filter { $0 != verdict.placement }.compactMap { placement in
            guard let why = rejection(of: placement, by: verdict, appraisals) else { return nil }
            return Alternative(choice: choice(placement), rejected: why, expectedCost: appraisals.cost(of: placement))
        }
    }

    private func rejection(of placement: Placement, by verdict: Verdict, _ appraisals: [Appraisal]) -> Rejection? {
        if let refused = candidate(placement)?.refusedUntil, refused > now { return .refusedUntil(refused) }
        if verdict.reason == .onDemandOnly { return placement.isSpot ? .policy : nil }
        // What the net would not have let through.
        switch placement {
        case .spot where outlook.current.isOnDemand ? !outlook.hasRoomToLeaveOnDemand : !outlook.hasRoomToEnterSpot:
            if placement != outlook.current { return .noSlack }
        case .none where !outlook.canWait || outlook.current.isOnDemand:
            return outlook.canWait ? nil : .noSlack
        default: break
        }
        if placement == outlook.current, verdict.reason == .latestSafeSwitch { return .noSlack }
        if verdict.reason == .noRoomForSpot, !placement.isOnDemand { return .noSlack }
        if let chosen = appraisals.cost(of: verdict.placement), let other = appraisals.cost(of: placement) {
            // What costs less in all and is not chosen gains too little for a change.
            return other < chosen ? .costsRestart : .dearerInAll(other - chosen)
        }
        switch placement {
        case .none: return verdict.reason == .behindProgressLine ? .behindProgressLine : nil
        case .spot:
            if verdict.reason == .spotTimeOver { return .policy }
            return outlook.current == verdict.placement ? .costsRestart : dearer(placement, than: verdict.placement)
        case .onDemand: return dearer(placement, than: verdict.placement)
        }
    }

    private func candidate(_ placement: Placement) -> Candidate? {
        switch placement {
        case .none: nil
        case .spot(let index): spot[index]
        case .onDemand(let index): onDemand[index]
        }
    }

    private func dearer(_ placement: Placement, than chosen: Placement) -> Rejection? {
        guard let rate = candidate(placement)?.priced.rate.microdollars else { return nil }
        return .dearer(HourlyRate(microdollars: rate - (candidate(chosen)?.priced.rate.microdollars ?? 0)))
    }
}

extension [Appraisal] {
    fileprivate func cost(of placement: Placement) -> Money? {
        first { $0.placement == placement }.map { Money(microdollars: $0.microdollars) }
    }
}
