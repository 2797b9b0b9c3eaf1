// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The window in equal slices, each with its share of the work and a deadline of its own; greedy inside a slice, and
/// what was done in advance counts for the next one.
///
/// The simplest policy of the same paper as `UniformProgress` that spreads the use of on-demand (section 3).
package struct TimeSliced: Policy {
    private let slices: Int64

    package init(slices: Int64 = 8) { self.slices = slices }

    package func verdict(in outlook: Outlook) -> Verdict {
        let slice = min(slices, outlook.elapsed * slices / max(1, outlook.window) + 1)
        let leftAtEnd = outlook.totalWork * (slices - slice) / slices
        let sliceEnd = outlook.window * slice / slices
        let work = outlook.workLeft - leftAtEnd
        let slack = sliceEnd - outlook.elapsed - work - outlook.restartOverhead
        guard work > 0, !outlook.onDemand.isEmpty else { return Greedy().verdict(in: outlook) }
        // As in the whole night: a restart must fit before Spot is entered, and a tick must pass on it.
        switch outlook.current {
        case .spot where outlook.overheadLeft == 0 || slack >= outlook.tick:
            return Verdict(outlook.current, .spotHolds)
        case .none where slack >= max(outlook.restartOverhead, outlook.tick),
            .onDemand where slack >= outlook.restartOverhead:
            return Greedy().verdict(in: outlook)
        case .onDemand:
            return Verdict(outlook.current, .onDemandHolds)
        case .none, .spot:
            guard let pool = outlook.onDemandToAsk else { return Greedy().verdict(in: outlook) }
            return Verdict(.onDemand(pool), .behindProgressLine)
        }
    }
}
