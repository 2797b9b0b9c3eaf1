// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Spot, or waiting for it, until a fixed time after the night's start, and on-demand from then on: what a workflow with
/// a timeout and a fallback step does.
package struct SpotUntil: Policy {
    /// Milliseconds after the start.
    private let end: Int64

    package init(end: Int64) { self.end = end }

    package func verdict(in outlook: Outlook) -> Verdict {
        if outlook.elapsed < end { return Greedy().verdict(in: outlook) }
        if outlook.current.isOnDemand { return Verdict(outlook.current, .onDemandHolds) }
        guard let pool = outlook.onDemandToAsk else { return Greedy().verdict(in: outlook) }
        return Verdict(.onDemand(pool), .spotTimeOver)
    }
}
