// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A job's nights as far as a plan is concerned.
package struct SavingsPlanJob: Hashable, Sendable {
    package var instanceType: String
    package var onDemandRate: HourlyRate
    /// After midnight, on the usage's clock.
    package var start: Duration
    package var deadline: Duration
    /// What an undisturbed night on on-demand is billed.
    package var runtime: Duration
    /// Of a month of 30 days: at most 30.
    package var nightsPerMonth: Int
    package var spot: Spot?

    /// Nights on Spot with on-demand behind it.
    package struct Spot: Hashable, Sendable {
        /// Of a night, what Spot costs. No plan changes it.
        package var cost: Money
        /// Of a thousand nights, those that use on-demand at all.
        package var fallbackNights: Int64
        /// What such a night is billed on on-demand; it ends with the deadline.
        package var fallback: Duration

        package init(cost: Money, fallbackNights: Int64, fallback: Duration) {
            self.cost = cost
            self.fallbackNights = fallbackNights
            self.fallback = fallback
        }

        package init(_ forecast: NightForecast, onDemandRate: HourlyRate) {
            let count = forecast.samples.count
            let onDemand = forecast.samples.map(\.onDemand).reduce(.zero, +)
            let nights = forecast.samples.count { $0.onDemand > .zero }
            cost = forecast.meanCost - onDemandRate.cost(of: .milliseconds(onDemand.milliseconds / Int64(count)))
            fallbackNights = Int64((forecast.fallback * 1000).rounded())
            fallback = nights == 0 ? .zero : .milliseconds(onDemand.milliseconds / Int64(nights))
        }
    }

    package init(
        instanceType: String, onDemandRate: HourlyRate, start: Duration, deadline: Duration, runtime: Duration,
        nightsPerMonth: Int = daysPerMonth, spot: Spot?
    ) {
        precondition(nightsPerMonth > 0, "a month of no nights")
        self.instanceType = instanceType
        self.onDemandRate = onDemandRate
        self.start = start
        self.deadline = deadline
        self.runtime = runtime
        self.nightsPerMonth = min(nightsPerMonth, Self.daysPerMonth)
        self.spot = spot
    }

    package static let daysPerMonth = 30
    static let hoursPerMonth = 24 * daysPerMonth

    package var onDemandPerNight: Money { onDemandRate.cost(of: runtime) }

    /// The fallback's mean is on on-demand's rate.
    package var spotPerNight: Money? {
        spot.map {
            Money(units: $0.cost.units + onDemandRate.cost(of: $0.fallback).units * Int128($0.fallbackNights) / 1000)
        }
    }
}

/// One way to have a plan and this job's nights, over a month of 30 days.
package struct SavingsPlanOption: Hashable, Sendable {
    package enum Layer: String, Codable, Hashable, Sendable {
        /// No plan at all.
        case none
        /// A commitment as large as the job's machine, and nothing else that uses it.
        case jobAlone = "job-alone"
        /// The nights on on-demand, with other usage under one commitment: the cheapest.
        case onDemand = "on-demand"
        /// The nights on Spot; the cheapest commitment lies under other usage and the fallback.
        case spotOnTop = "spot-on-top"
    }

    package let layer: Layer
    package let discount: SavingsPlanDiscount
    package let commitment: SavingsPlanCommitment
    /// All usage and this job.
    package let total: Money
    /// What this job adds: the total, less what the other usage costs with the cheapest commitment of its own.
    package let job: Money

    private init(
        _ layer: Layer, _ discount: SavingsPlanDiscount, _ commitment: SavingsPlanCommitment, total: Money,
        others: Money
    ) {
        self.layer = layer
        self.discount = discount
        self.commitment = commitment
        self.total = total
        job = total - others
    }

    /// No plan, and the job's nights on Spot or on on-demand. Its sums are of the same hours as the plans' sums, so that
    /// what is rounded is rounded alike.
    package static func none(
        _ job: SavingsPlanJob, beside usage: UsageHours, onSpot: Bool, at discount: SavingsPlanDiscount
    ) -> SavingsPlanOption? {
        guard let nights = onSpot ? spotNights(job) : .zero else { return nil }
        let commitment = SavingsPlanCommitment(
            covering: 0, of: onSpot ? fallbackHours(job, usage) : onDemandHours(job, usage), at: discount)
        let others = SavingsPlanCommitment(covering: 0, of: plain(usage), at: discount)
        return SavingsPlanOption(
            .none, discount, commitment, total: month(commitment.bill) + nights, others: month(others.bill))
    }

    package static func jobAlone(_ job: SavingsPlanJob, at discount: SavingsPlanDiscount) -> SavingsPlanOption {
        let hours = onDemandHours(job, .none)
        let commitment = SavingsPlanCommitment(covering: job.onDemandRate.microdollars, of: hours, at: discount)
        return SavingsPlanOption(.jobAlone, discount, commitment, total: month(commitment.bill), others: .zero)
    }

    package static func onDemand(
        _ job: SavingsPlanJob, beside usage: UsageHours, at discount: SavingsPlanDiscount
    ) -> SavingsPlanOption {
        let commitment = SavingsPlanCommitment.cheapest(for: onDemandHours(job, usage), at: discount)
        return SavingsPlanOption(
            .onDemand, discount, commitment, total: month(commitment.bill), others: others(usage, discount))
    }

    /// `nil` for a job without Spot.
    package static func spotOnTop(
        _ job: SavingsPlanJob, beside usage: UsageHours, at discount: SavingsPlanDiscount
    ) -> SavingsPlanOption? {
        guard let nights = spotNights(job) else { return nil }
        let commitment = SavingsPlanCommitment.cheapest(for: fallbackHours(job, usage), at: discount)
        return SavingsPlanOption(
            .spotOnTop, discount, commitment, total: month(commitment.bill) + nights, others: others(usage, discount))
    }

    private static func others(_ usage: UsageHours, _ discount: SavingsPlanDiscount) -> Money {
        month(SavingsPlanCommitment.cheapest(for: plain(usage), at: discount).bill)
    }

    private static func plain(_ usage: UsageHours) -> [UsageHour] { usage.hours.map { UsageHour(microdollars: $0) } }

    private static func onDemandHours(_ job: SavingsPlanJob, _ usage: UsageHours) -> [UsageHour] {
        usage.adding(job.onDemandRate, from: job.start, for: job.runtime, inShare: share(of: job))
    }

    private static func fallbackHours(_ job: SavingsPlanJob, _ usage: UsageHours) -> [UsageHour] {
        guard let spot = job.spot else { return plain(usage) }
        return usage.adding(
            job.onDemandRate, from: job.deadline - spot.fallback, for: spot.fallback,
            inShare: share(of: job, spot.fallbackNights))
    }

    /// Of a thousand nights, in parts of all days.
    private static func share(of job: SavingsPlanJob, _ nights: Int64 = 1000) -> UsageHours.Share {
        UsageHours.Share(
            days: Int64(job.nightsPerMonth) * min(1000, max(0, nights)), of: Int64(SavingsPlanJob.daysPerMonth) * 1000)
    }

    /// Of a month, what Spot costs.
    private static func spotNights(_ job: SavingsPlanJob) -> Money? {
        job.spot.map { Money(units: $0.cost.units * Int128(job.nightsPerMonth)) }
    }

    static func month(_ hourly: Money) -> Money { Money(units: hourly.units * Int128(SavingsPlanJob.hoursPerMonth)) }
}
