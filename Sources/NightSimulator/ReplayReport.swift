// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Past nights under other policies or terms, beside what was really done.
package struct ReplayReport: Sendable {
    package struct Night: Sendable {
        package var real: NightFacts
        package var terms: NightTerms
        /// The part of the night in which somebody looked at its Spot offers.
        package var knownShare: Double
        package var unseen: [Offer]
        /// In the order of the report's policies.
        package var replays: [NightFacts]
        /// What it would have cost at least; `nil` without a course that is in time.
        package var bound: Money?

        package init(_ replay: NightReplay, under policies: [PolicyName]) throws {
            real = replay.real
            terms = replay.terms
            knownShare = replay.observed.knownShare
            unseen = replay.observed.unseen
            replays = try policies.map { try replay.events(under: $0).facts }
            bound = replay.bound
        }
    }

    package var policies: [PolicyName]
    /// What was changed beside the policy, in words; empty when nothing was.
    package var changes: [String]
    package var nights: [Night]

    package init(policies: [PolicyName], changes: [String], nights: [Night]) {
        self.policies = policies
        self.changes = changes
        self.nights = nights
    }

    /// Of all nights together, with the bound only where every night has one.
    package func totals(_ cost: (Night) -> Money) -> Money { nights.reduce(.zero) { $0 + cost($1) } }

    package var totalBound: Money? {
        let bounds = nights.compactMap(\.bound)
        return bounds.count == nights.count ? bounds.reduce(.zero, +) : nil
    }
}
