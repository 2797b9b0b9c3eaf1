// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Whether a commitment pays for a job, at each discount that is asked about.
package struct SavingsPlanAdvice: Hashable, Sendable {
    /// Everything at one discount.
    package struct Case: Hashable, Sendable {
        package let discount: SavingsPlanDiscount
        /// Without a plan, the cheaper way to run the job.
        package let none: SavingsPlanOption
        package let jobAlone: SavingsPlanOption
        package let onDemand: SavingsPlanOption
        package let spotOnTop: SavingsPlanOption?
        /// The commitment that other usage is worth without this job, and its bill in a month.
        package let others: SavingsPlanCommitment
        package let othersBill: Money

        init(_ job: SavingsPlanJob, _ usage: UsageHours, _ discount: SavingsPlanDiscount) {
            self.discount = discount
            let onDemandAlone = SavingsPlanOption.none(job, beside: usage, onSpot: false, at: discount)
            let spotAlone = SavingsPlanOption.none(job, beside: usage, onSpot: true, at: discount)
            guard let none = [onDemandAlone, spotAlone].compactMap({ $0 }).min(by: { $0.total < $1.total }) else {
                preconditionFailure("nights on on-demand have a sum")
            }
            self.none = none
            jobAlone = .jobAlone(job, at: discount)
            onDemand = .onDemand(job, beside: usage, at: discount)
            spotOnTop = .spotOnTop(job, beside: usage, at: discount)
            others = .cheapest(for: usage.hours.map { UsageHour(microdollars: $0) }, at: discount)
            othersBill = SavingsPlanOption.month(others.bill)
        }

        /// Of the two that may pay, the one whose month costs less; no plan where none costs less than that.
        package var cheapest: SavingsPlanOption {
            let plan = spotOnTop.flatMap { $0.total < onDemand.total ? $0 : nil } ?? onDemand
            return plan.commitment.covers.microdollars > 0 && plan.total < none.total ? plan : none
        }

        package var pays: Bool { cheapest.layer != .none }
        /// Of a month, against no plan and the cheaper way to run the job; never below zero.
        package var saving: Money { none.total - cheapest.total }
    }

    package let job: SavingsPlanJob
    package let kind: SavingsPlanKind
    package let usage: UsageHours
    package let cases: [Case]

    package init(
        _ job: SavingsPlanJob, under kind: SavingsPlanKind, beside usage: UsageHours,
        at discounts: [SavingsPlanDiscount]
    ) {
        precondition(!discounts.isEmpty, "advice at no discount")
        self.job = job
        self.kind = kind
        self.usage = usage
        cases = discounts.map { Case(job, usage, $0) }
    }

    /// A month of the job without any plan.
    package var onDemandPerMonth: Money { month(job.onDemandPerNight) }
    package var spotPerMonth: Money? { job.spotPerNight.map(month) }
    /// A month of the other usage without any plan.
    package var usagePerMonth: Money { SavingsPlanOption.month(usage.mean) }

    private func month(_ night: Money) -> Money { Money(units: night.units * Int128(job.nightsPerMonth)) }
}
