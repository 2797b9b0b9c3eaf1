// SPDX-License-Identifier: Apache-2.0

import SpotMarket
package import TrainingJobs

/// A past night in its own market, to be played again under other terms.
package struct NightReplay: Sendable {
    /// What is to be otherwise.
    package struct Change: Hashable, Sendable {
        package var deadline: Instant?
        /// Spot offers in other zones are left out; on-demand stays.
        package var zones: [String]?
        package var checkpointInterval: Duration?

        package init() {}
    }

    /// What was really done.
    package let real: NightFacts
    package let observed: ObservedMarket
    package let terms: NightTerms
    package let conditions: TrainingConditions

    /// The night must be over. `nil` when its record does not begin with its opening.
    package init?(of events: [NightEvent], with change: Change = Change()) {
        guard let opening = events.terms, let observed = ObservedMarket(events) else { return nil }
        self.observed = observed
        real = events.facts
        var terms = opening
        var conditions = TrainingConditions(observedIn: events, of: opening)
        if let deadline = change.deadline {
            terms.end = max(terms.end, deadline + max(.zero, opening.end - opening.deadline))
            terms.deadline = deadline
        }
        if let zones = change.zones {
            terms.offers = terms.offers.filter { $0.offer.purchase == .onDemand || zones.contains($0.offer.zone) }
        }
        if let interval = change.checkpointInterval {
            terms.checkpointInterval = interval
            conditions.setCheckpointInterval(interval)
        }
        // A night that had to leave Spot alone is asked what it would have done with it.
        terms.spotRefused = nil
        self.terms = terms
        self.conditions = conditions
    }

    package func events(under policy: PolicyName) throws -> [NightEvent] {
        var terms = terms
        terms.policy = policy
        return try SimulatedNight(terms: terms, market: observed.market, conditions: conditions).events
    }

    /// What the night would have cost at least, with its market known beforehand.
    package var bound: Money? { HindsightBound(terms, under: conditions).cost(in: observed.market) }
}
