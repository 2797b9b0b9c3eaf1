// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a night came to, in numbers: a fold over its events, simulated or real.
package struct NightFacts: Hashable, Sendable {
    package var night: String
    package var policy: PolicyName
    package var cost: Money
    /// In service by the deadline.
    package var isOnTime: Bool
    package var outcome: NightOutcome?
    /// `nil` when the night made no model.
    package var readyAt: Instant?
    package var interruptions: Int
    /// Time spent on work that a lost machine had done already.
    package var redone: Duration
    package var restarts: Int
    package var onSpot: Duration
    package var onDemand: Duration
    package var waiting: Duration

    package init(
        night: String, policy: PolicyName, cost: Money, isOnTime: Bool, outcome: NightOutcome?, readyAt: Instant?,
        interruptions: Int, redone: Duration, restarts: Int, onSpot: Duration, onDemand: Duration, waiting: Duration
    ) {
        self.night = night
        self.policy = policy
        self.cost = cost
        self.isOnTime = isOnTime
        self.outcome = outcome
        self.readyAt = readyAt
        self.interruptions = interruptions
        self.redone = redone
        self.restarts = restarts
        self.onSpot = onSpot
        self.onDemand = onDemand
        self.waiting = waiting
    }
}

extension [NightEvent] {
    /// Of a night that is over, or up to its last event. The night must have been opened.
    package var facts: NightFacts {
        guard let terms, let last else { preconditionFailure("a night without its opening") }
        let timeline = Timeline(self)
        let totals = timeline.totals(at: last.at)
        return NightFacts(
            night: terms.night, policy: terms.policy, cost: Bill(self).total(at: last.at),
            isOnTime: outcome.map { if case .completed(_, late: false) = $0 { true } else { false } } ?? false,
            outcome: outcome, readyAt: timeline.readyAt, interruptions: totals.interruptions, redone: totals.redone,
            restarts: totals.restarts, onSpot: totals.onSpot, onDemand: totals.onDemand, waiting: totals.waiting)
    }
}
