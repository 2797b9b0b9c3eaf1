// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
package import TrainingJobs

/// `replay --json`: past nights under other policies or terms.
package struct ReplayDocument: Codable, Hashable, Sendable {
    package struct Course: Codable, Hashable, Sendable {
        package var policy: PolicyName
        package var cost: Money
        package var onTime: Bool
        /// Absent when the night made no model.
        package var readyAt: Instant?
        /// Above what was really paid.
        package var difference: Money
        /// Above the bound; absent without one, and of what was really done under other terms than the replay's.
        package var regret: Money?
        package var interruptions: Int
        package var redoneSeconds: Double
        package var spotSeconds: Double
        package var onDemandSeconds: Double

        init(_ facts: NightFacts, _ night: ReplayReport.Night, hasRegret: Bool = true) {
            policy = facts.policy
            cost = facts.cost
            onTime = facts.isOnTime
            readyAt = facts.readyAt
            difference = facts.cost - night.real.cost
            regret = hasRegret ? night.bound.map { facts.cost - $0 } : nil
            interruptions = facts.interruptions
            redoneSeconds = facts.redone.realSeconds
            spotSeconds = facts.onSpot.realSeconds
            onDemandSeconds = facts.onDemand.realSeconds
        }
    }

    package struct Night: Codable, Hashable, Sendable {
        package var night: String
        package var deadline: Instant
        /// On average over the Spot offers.
        package var knownShare: Double
        /// Spot offers that the night never asked for: the replay takes them as absent.
        package var unseen: [Offer]
        /// Absent when no course is known that is in time.
        package var bound: Money?
        package var real: Course
        package var replays: [Course]
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var changes: [String]
    package var nights: [Night]

    package init(_ report: ReplayReport) {
        changes = report.changes
        nights = report.nights.map { night in
            Night(
                night: night.real.night, deadline: night.terms.deadline, knownShare: night.knownShare,
                unseen: night.unseen, bound: night.bound,
                real: Course(night.real, night, hasRegret: !report.hasOtherTerms),
                replays: night.replays.map { Course($0, night) })
        }
    }
}
