// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Advice on many jobs, in the order in which engineering pays most.
package struct AdvicePortfolio: Sendable {
    /// What Spot fits first, by dollars a month for each week of engineering; then the rest by name.
    package let ranked: [Advice]

    package init(_ advice: [Advice]) {
        ranked = advice.sorted { one, other in
            if one.isWorthDoing != other.isWorthDoing { return one.isWorthDoing }
            let (first, second) = (one.worth.savedPerWeek, other.worth.savedPerWeek)
            if one.isWorthDoing, first != second { return first > second }
            return one.brief.job.name < other.brief.job.name
        }
    }

    /// In a month, by the jobs that Spot fits.
    package var savedPerMonth: Money {
        ranked.filter(\.isWorthDoing).reduce(.zero) { $0 + $1.worth.savedPerMonth }
    }

    /// On-demand of all jobs; those without a price are left out, and `unpriced` names them.
    package var baselinePerMonth: Money {
        ranked.reduce(.zero) { sum, advice in
            sum + Money(units: (advice.brief.terms.baseline?.units ?? 0) * Int128(advice.brief.nightsPerMonth))
        }
    }

    package var unpriced: [String] { ranked.filter { $0.brief.terms.baseline == nil }.map(\.brief.job.name) }
}

extension Advice {
    package var isWorthDoing: Bool { verdict.fit != .doesNotFit }
}
