// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Keeps progress at or above a straight line to (deadline, done); buys on-demand when it is below and Spot is absent.
///
/// Wu et al., "Can't Be Late: Optimizing Spot Instance Savings under Deadlines", NSDI 2024, section 5.2. The line ends
/// where the model must be uploaded, not at the deadline itself.
package struct UniformProgress: Policy {
    /// Whether on-demand is given up for Spot only when ahead of the line by two restarts (as published), or at once.
    private let hysteresis: Bool

    package init(hysteresis: Bool = true) { self.hysteresis = hysteresis }

    package func verdict(in outlook: Outlook) -> Verdict {
        let line = outlook.lineStart ?? LineStart(elapsed: 0, workLeft: outlook.totalWork)
        switch outlook.current {
        case .spot:
            return Verdict(outlook.current, .spotHolds)
        case .onDemand:
            guard let pool = outlook.spotToAsk else { return Verdict(outlook.current, .onDemandHolds) }
            if !hysteresis { return Verdict(.spot(pool), .spotWorthTrying) }
            let ahead = line.margin(of: outlook, after: 2 * outlook.restartOverhead) > 0
            return ahead ? Verdict(.spot(pool), .hysteresisPassed) : Verdict(outlook.current, .onDemandHolds)
        case .none:
            if let pool = outlook.spotToAsk { return Verdict(.spot(pool), .spotWorthTrying) }
            if line.margin(of: outlook, after: 0) < 0, let pool = outlook.onDemandToAsk {
                return Verdict(.onDemand(pool), .behindProgressLine)
            }
            return Verdict(.none, .aheadOfProgressLine)
        }
    }
}

extension LineStart {
    /// Above 0 when more has been done than the line asks for so much later than now, below 0 when less. The unit is
    /// of no meaning: work × time, so that nothing is rounded.
    fileprivate func margin(of outlook: Outlook, after later: Int64) -> Int128 {
        let length = outlook.window - elapsed
        let passed = min(outlook.elapsed - elapsed + later, max(0, length))
        return Int128(workLeft - outlook.workLeft) * Int128(length) - Int128(passed) * Int128(workLeft)
    }
}
