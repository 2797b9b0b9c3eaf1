// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Spot whenever it can be had, otherwise nothing; the safety net buys on-demand when it must.
///
/// Cheaper than Uniform Progress on a night with a loose deadline (half of the window is slack): waiting is free there.
package struct Greedy: Policy {
    package init() {}

    package func verdict(in outlook: Outlook) -> Verdict {
        if outlook.current.isSpot { return Verdict(outlook.current, .spotHolds) }
        if let pool = outlook.spotToAsk { return Verdict(.spot(pool), .spotWorthTrying) }
        if outlook.current.isOnDemand { return Verdict(outlook.current, .onDemandHolds) }
        return Verdict(.none, .roomToWait)
    }
}
