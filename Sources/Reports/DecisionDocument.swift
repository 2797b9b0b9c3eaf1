// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// `why --json`: one decision, in codes and in words.
package struct DecisionDocument: Codable, Hashable, Sendable {
    package struct Rejected: Codable, Hashable, Sendable {
        /// Absent: waiting without a machine.
        package var offer: Offer?
        package var why: String
        /// As the decision's own, had this been chosen.
        package var expectedCost: Money?
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var night: String
    package var policy: PolicyName
    /// Its place in the journal.
    package var sequence: Int
    package var at: Instant
    /// Absent: wait without a machine.
    package var offer: Offer?
    package var reason: DecisionReason
    package var text: String
    package var rejected: [Rejected]
    package var deadline: Instant
    package var latestSafeSwitch: Instant
    package var slackSeconds: Double
    package var workLeftSeconds: Double
    package var durableWorkLeftSeconds: Double
    package var restartOverheadSeconds: Double
    package var uploadSeconds: Double
    package var onDemandWaitSeconds: Double
    package var safetyMarginSeconds: Double
    package var spent: Money
    /// From here to the night's end, by the policy's market model; absent where it has none.
    package var expectedCost: Money?

    /// The newest decision at or before `instant`; `nil` when the night had decided nothing by then.
    package init?(_ timeline: Timeline, at instant: Instant) {
        guard let terms = timeline.terms, let recorded = timeline.decisions.last(where: { $0.at <= instant }) else {
            return nil
        }
        let decision = recorded.decision
        let clock = terms.clock
        night = terms.night
        policy = terms.policy
        sequence = recorded.sequence
        at = recorded.at
        offer = decision.choice.offer
        reason = decision.reason
        text = "\(DecisionWords.action(decision)) because \(DecisionWords.reason(decision.reason))"
        rejected = decision.alternatives.map {
            Rejected(
                offer: $0.choice.offer, why: DecisionWords.rejection($0, of: decision, in: terms, clock: clock),
                expectedCost: $0.expectedCost)
        }
        deadline = terms.deadline
        latestSafeSwitch = decision.latestSafeSwitch
        slackSeconds = decision.slack.realSeconds
        workLeftSeconds = decision.workLeft.realSeconds
        durableWorkLeftSeconds = decision.durableWorkLeft.realSeconds
        restartOverheadSeconds = terms.restartOverhead.realSeconds
        uploadSeconds = terms.uploadTime.realSeconds
        onDemandWaitSeconds = terms.onDemandWait.realSeconds
        safetyMarginSeconds = terms.safetyMargin.realSeconds
        spent = decision.spent
        expectedCost = decision.expectedCost
    }
}

extension Choice {
    fileprivate var offer: Offer? {
        if case .use(let offer) = self { offer } else { nil }
    }
}
