// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// On-demand from the start: the baseline.
package struct OnDemandOnly: Policy {
    package init() {}

    package func verdict(in outlook: Outlook) -> Verdict {
        if outlook.current != .none { return Verdict(outlook.current, .onDemandOnly) }
        guard let pool = outlook.onDemandToAsk else { return Verdict(.none, .everythingRefused) }
        return Verdict(.onDemand(pool), .onDemandOnly)
    }
}
