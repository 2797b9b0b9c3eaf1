// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// On-demand from the start: the baseline.
package struct OnDemandOnly: Policy {
    package init() {}

    package func verdict(in situation: Situation) -> Verdict {
        let spot = situation.spot.map { Alternative(choice: .use($0.offer), rejected: .policy) }
        if let stay = situation.stay(.onDemandOnly, instead: spot) { return stay }
        guard let candidate = situation.onDemandToAsk else { return Verdict(.wait, .everythingRefused, instead: spot) }
        return Verdict(.use(candidate.offer), .onDemandOnly, instead: spot)
    }
}
