// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Spot whenever it can be had, otherwise nothing; the safety net buys on-demand when it must.
///
/// The cheapest of the three on a night with a loose deadline (half of the window is slack): waiting is free there.
package struct Greedy: Policy {
    package init() {}

    package func verdict(in situation: Situation) -> Verdict {
        if situation.isOnSpot,
            let stay = situation.stay(
                .spotHolds, instead: situation.onDemandDearer(than: situation.current.offer))
        {
            return stay
        }
        if let candidate = situation.spotToAsk {
            return Verdict(
                .use(candidate.offer), .spotWorthTrying,
                instead: situation.refusedSpot + situation.onDemandDearer(than: candidate.offer))
        }
        if let stay = situation.stay(.onDemandHolds, instead: situation.refusedSpot) { return stay }
        return Verdict(.wait, .roomToWait, instead: situation.refusedSpot + situation.onDemandDearer(than: nil))
    }
}
