// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Keeps progress at or above the straight line from (start, 0) to (deadline, done); buys on-demand when it is below
/// and Spot is absent, and returns to Spot only when ahead by two restarts.
///
/// Wu et al., "Can't Be Late: Optimizing Spot Instance Savings under Deadlines", NSDI 2024, section 5.2. The line ends
/// where the model must be uploaded, not at the deadline itself.
package struct UniformProgress: Policy {
    package init() {}

    package func verdict(in situation: Situation) -> Verdict {
        let done = situation.totalWork - situation.workLeft
        switch situation.current {
        case .machine(let offer, _) where offer.purchase == .onDemand:
            if let candidate = situation.spotToAsk,
                done > needed(at: situation.now + situation.terms.restartOverhead * 2, in: situation)
            {
                return Verdict(
                    .use(candidate.offer), .hysteresisPassed,
                    instead: [Alternative(choice: .use(offer), rejected: dearer(offer, than: candidate, in: situation))]
                )
            }
            let spot = situation.spot.map { candidate in
                Alternative(
                    choice: .use(candidate.offer),
                    rejected: situation.canAsk(candidate)
                        ? .costsRestart : .refusedUntil(candidate.refusedUntil ?? situation.now))
            }
            return Verdict(.use(offer), .onDemandHolds, instead: spot)
        case .machine(let offer, _):
            return Verdict(.use(offer), .spotHolds, instead: situation.onDemandDearer(than: offer))
        case .none:
            if let candidate = situation.spotToAsk {
                return Verdict(
                    .use(candidate.offer), .spotWorthTrying,
                    instead: situation.refusedSpot + situation.onDemandDearer(than: candidate.offer))
            }
            if done < needed(at: situation.now, in: situation), let candidate = situation.onDemandToAsk {
                let waiting = Alternative(choice: .wait, rejected: .behindProgressLine)
                return Verdict(
                    .use(candidate.offer), .behindProgressLine, instead: [waiting] + situation.refusedSpot)
            }
            return Verdict(
                .wait, .aheadOfProgressLine,
                instead: situation.refusedSpot + situation.onDemandDearer(than: nil))
        }
    }

    /// Work that the line asks for at an instant.
    private func needed(at instant: Instant, in situation: Situation) -> Duration {
        let terms = situation.terms
        let lineEnd = terms.deadline - terms.uploadTime - terms.safetyMargin
        let window = (lineEnd - terms.start).milliseconds
        guard window > 0 else { return situation.totalWork }
        let elapsed = min(max(0, (instant - terms.start).milliseconds), window)
        let product = Int128(elapsed) * Int128(situation.totalWork.milliseconds)
        return .milliseconds(Int64(product / Int128(window)))
    }

    private func dearer(_ offer: Offer, than candidate: Situation.Candidate, in situation: Situation) -> Rejection {
        let rate = situation.onDemand.first { $0.offer == offer }?.priced.rate ?? candidate.priced.rate
        return .dearer(HourlyRate(microdollars: rate.microdollars - candidate.priced.rate.microdollars))
    }
}
