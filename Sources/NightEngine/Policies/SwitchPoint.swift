// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Greedy until what is left fills 70 % of the time that is left, and from there Uniform Progress on a line of its own.
///
/// For loose deadlines (the same paper as `UniformProgress`, appendix A.8).
package struct SwitchPoint: Policy {
    private let line = UniformProgress()

    package init() {}

    package func verdict(in outlook: Outlook) -> Verdict {
        guard outlook.lineStart != nil || outlook.workLeft * 10 >= outlook.timeLeft * 7 else {
            return Greedy().verdict(in: outlook)
        }
        var outlook = outlook
        let start = outlook.lineStart ?? LineStart(elapsed: outlook.elapsed, workLeft: outlook.workLeft)
        outlook.lineStart = start
        var verdict = line.verdict(in: outlook)
        verdict.lineStart = start
        return verdict
    }
}
