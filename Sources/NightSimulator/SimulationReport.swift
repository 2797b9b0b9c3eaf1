// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A study of policies with all that is needed to judge it: what was played, under which assumptions, and what came
/// of it.
package struct SimulationReport: Sendable {
    /// Of every night, but for the policy.
    package var terms: NightTerms
    package var conditions: TrainingConditions
    /// Machines of a gang; the rates of the terms are for all of them.
    package var nodes: Int
    /// Where the nights' markets are from, in sentences.
    package var markets: [String]
    package var results: [PolicyResult]
    /// On-demand from the start, in the same nights; `nil` when the job has no on-demand offer.
    package var onDemand: PolicyResult?
    /// A night's bound, on average: with the whole market known beforehand, no wait for on-demand, nothing lost, the
    /// cheapest price of the night. `nil` when no course is known that is in time.
    package var optimum: Money?
    /// What a reader must know beside the figures, in sentences.
    package var warnings: [String] = []
    /// Empty when no picture was wanted; then from the shortest deadline on.
    package var sweep: [DeadlinePoint] = []
    /// One night's record for each of `results`; empty when no picture was wanted.
    package var courses: [[NightEvent]] = []

    package init(
        terms: NightTerms, conditions: TrainingConditions, nodes: Int, markets: [String], results: [PolicyResult],
        onDemand: PolicyResult?, optimum: Money?
    ) {
        precondition(!results.isEmpty, "a study without a policy")
        self.terms = terms
        self.conditions = conditions
        self.nodes = nodes
        self.markets = markets
        self.results = results
        self.onDemand = onDemand
        self.optimum = optimum
    }

    package var nights: Int { results[0].nights.count }

    /// `nil` also where some night made no model: what that one cost bought less.
    package func ofOptimum(_ result: PolicyResult) -> Double? {
        result.everyNightMadeModel ? optimum.map { Double(result.mean.units) / Double($0.units) } : nil
    }

    package func ofOnDemand(_ result: PolicyResult) -> Double? { onDemand.flatMap { Self.ratio(result, to: $0) } }

    /// `nil` unless on-demand is on time in every night, and the policy made every night's model: what a night that
    /// stopped early cost is no measure. Both must have played the same nights.
    package static func ratio(_ result: PolicyResult, to onDemand: PolicyResult) -> Double? {
        onDemand.onTime == onDemand.nights.count && result.everyNightMadeModel ? result.ratio(to: onDemand) : nil
    }
}
