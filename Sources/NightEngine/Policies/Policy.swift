// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a policy wants, and why. It may want anything: the safety net stands behind it.
package struct Verdict: Hashable, Sendable {
    package var placement: Placement
    package var reason: DecisionReason
    /// What the policy wants to find in the next outlook; the night keeps it with its record.
    package var lineStart: LineStart?

    package init(_ placement: Placement, _ reason: DecisionReason) {
        self.placement = placement
        self.reason = reason
    }
}

/// What a night is expected to cost from now to its end if this placement is chosen now.
package struct Appraisal: Hashable, Sendable {
    package var placement: Placement
    package var microdollars: Int64

    package init(placement: Placement, microdollars: Int64) {
        self.placement = placement
        self.microdollars = microdollars
    }
}

/// Decides what a night should be on. A pure function: the same outlook always gives the same verdict. It allocates
/// nothing.
package protocol Policy: Sendable {
    func verdict(in outlook: Outlook) -> Verdict

    /// What each placement that could be chosen now is expected to cost; empty where the policy has no model. Asked
    /// only when a decision is recorded.
    func appraisals(in outlook: Outlook) -> [Appraisal]
}

extension Policy {
    package func appraisals(in outlook: Outlook) -> [Appraisal] { [] }
}
