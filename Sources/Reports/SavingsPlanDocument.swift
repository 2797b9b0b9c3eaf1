// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
package import TrainingJobs

/// `savings-plan --json`. Amounts are of 30 days.
package struct SavingsPlanDocument: Codable, Hashable, Sendable {
    package struct Option: Codable, Hashable, Sendable {
        package var layer: SavingsPlanOption.Layer
        package var commitmentPerHour: Money
        package var coversPerHour: Money
        package var total: Money
        package var jobPart: Money
        package var used: Money
        package var unused: Money
        package var hoursUsedWhole: Double
        package var hoursUsedInPart: Double
        package var hoursUnused: Double

        init(_ option: SavingsPlanOption) {
            let commitment = option.commitment
            layer = option.layer
            commitmentPerHour = Money(microdollars: commitment.rate.microdollars)
            coversPerHour = Money(microdollars: commitment.covers.microdollars)
            total = option.total
            jobPart = option.job
            used = Money(units: commitment.used.units * 720)
            unused = Money(units: commitment.unused.units * 720)
            hoursUsedWhole = commitment.whole * 720
            hoursUsedInPart = commitment.part * 720
            hoursUnused = commitment.idle * 720
        }
    }

    package struct Case: Codable, Hashable, Sendable {
        package var discount: Double
        package var breakEvenHoursPerDay: Double
        package var options: [Option]
        package var recommended: SavingsPlanOption.Layer
        /// Against no plan and the cheaper way to run the job; 0 when no plan costs less.
        package var saving: Money
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var job: String
    package var plan: SavingsPlanKind
    package var instanceType: String
    package var onDemandPerHour: Money
    package var nightsPerMonth: Int
    /// Whether the discounts were given; else they are examples.
    package var discountsAreGiven: Bool
    package var onDemand: Money
    /// Absent for a job without Spot.
    package var spot: Money?
    package var usageWithoutPlan: Money
    package var usage: String
    package var prices: String
    package var cases: [Case]

    package init(_ words: SavingsPlanWords) {
        let advice = words.advice
        job = words.name
        plan = advice.kind
        instanceType = advice.job.instanceType
        onDemandPerHour = Money(microdollars: advice.job.onDemandRate.microdollars)
        nightsPerMonth = advice.job.nightsPerMonth
        discountsAreGiven = words.discountsAreGiven
        onDemand = advice.onDemandPerMonth
        spot = advice.spotPerMonth
        usageWithoutPlan = advice.usagePerMonth
        usage = words.usage
        prices = words.prices
        cases = advice.cases.map { one in
            Case(
                discount: one.discount.share, breakEvenHoursPerDay: one.discount.breakEvenHours,
                options: [one.none, one.jobAlone, one.onDemand, one.spotOnTop].compactMap { $0 }.map(Option.init),
                recommended: one.cheapest.layer, saving: one.saving)
        }
    }
}
