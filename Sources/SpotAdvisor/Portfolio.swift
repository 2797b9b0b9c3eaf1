// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Advice on many jobs, in the order in which engineering pays most.
package struct AdvicePortfolio: Sendable {
    /// What Spot fits first, by dollars a month for each week of engineering; then the rest by name.
    package let ranked: [Advice]
    /// Commitments that the on-demand hours left are worth together; most often none.
    package let plans: [PortfolioPlan]

    package init(_ advice: [Advice]) {
        let ranked = advice.sorted { one, other in
            if one.isWorthDoing != other.isWorthDoing { return one.isWorthDoing }
            let (first, second) = (one.worth.savedPerWeek, other.worth.savedPerWeek)
            if one.isWorthDoing, first != second { return first > second }
            return one.brief.title < other.brief.title
        }
        self.ranked = ranked
        plans = SavingsPlanKind.allCases.compactMap { PortfolioPlan($0, ranked) }
    }

    /// In a month, by the jobs that Spot fits.
    package var savedPerMonth: Money {
        ranked.filter(\.isWorthDoing).reduce(.zero) { $0 + $1.worth.savedPerMonth }
    }

    /// On-demand of all jobs; those without a price are left out, and `unpriced` names them.
    package var baselinePerMonth: Money { ranked.reduce(.zero) { $0 + ($1.baselinePerMonth ?? .zero) } }

    package var unpriced: [String] { ranked.filter { $0.brief.terms.baseline == nil }.map(\.brief.title) }
}

extension Advice {
    package var isWorthDoing: Bool { verdict.fit != .doesNotFit }

    package var baselinePerMonth: Money? {
        brief.terms.baseline.map { Money(units: $0.units * Int128(brief.nightsPerMonth)) }
    }
}

/// One commitment under all jobs that stay on on-demand: hours that no job fills alone, several may.
package struct PortfolioPlan: Hashable, Sendable {
    package let kind: SavingsPlanKind
    /// At the largest published discount: the case that speaks most for a plan.
    package let commitment: SavingsPlanCommitment
    package let jobs: [String]
    package let savedPerMonth: Money

    /// `nil` where the cheapest commitment is none. Counted are jobs that run nearly every night.
    init?(_ kind: SavingsPlanKind, _ all: [Advice]) {
        let staying = all.filter { advice in
            guard let onDemand = advice.brief.terms.onDemand else { return false }
            return !advice.isWorthDoing && advice.brief.nightsPerMonth >= 28
                && SavingsPlanKind.covering(instanceType: onDemand.offer.instanceType).first == kind
        }
        var usage = UsageHours(clock: .utc, firstHour: 0, hours: Array(repeating: 0, count: 24))
        for terms in staying.map(\.brief.terms) {
            guard let rate = terms.onDemand?.rate else { continue }
            let hours = usage.adding(
                rate, from: .milliseconds(terms.start.milliseconds % 86_400_000),
                for: terms.restartOverhead + terms.expectedRuntime + terms.uploadTime)
            usage = UsageHours(clock: .utc, firstHour: 0, hours: hours.map(\.microdollars))
        }
        let hours = usage.hours.map { UsageHour(microdollars: $0) }
        commitment = .cheapest(for: hours, at: kind.mostPublished)
        guard commitment.rate.microdollars > 0 else { return nil }
        self.kind = kind
        jobs = staying.map(\.brief.title)
        savedPerMonth = SavingsPlanOption.month(usage.mean - commitment.bill)
    }
}
