// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
package import TrainingJobs

/// `advise --json` on many jobs, the most worthwhile first.
package struct PortfolioDocument: Codable, Hashable, Sendable {
    /// A commitment under the jobs that stay on on-demand.
    package struct Plan: Codable, Hashable, Sendable {
        package var kind: SavingsPlanKind
        package var perHour: Money
        package var savedPerMonth: Money
        package var discount: Double
        package var jobs: [String]
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var savedPerMonth: Money
    package var baselinePerMonth: Money
    /// Jobs without a price; they are in neither sum.
    package var unpriced: [String]
    package var plans: [Plan]
    package var jobs: [AdviceDocument]

    package init(_ portfolio: AdvicePortfolio) {
        savedPerMonth = portfolio.savedPerMonth
        baselinePerMonth = portfolio.baselinePerMonth
        unpriced = portfolio.unpriced
        plans = portfolio.plans.map {
            Plan(
                kind: $0.kind, perHour: Money(microdollars: $0.commitment.rate.microdollars),
                savedPerMonth: $0.savedPerMonth, discount: $0.kind.mostPublished.share, jobs: $0.jobs)
        }
        jobs = portfolio.ranked.map(AdviceDocument.init)
    }
}
