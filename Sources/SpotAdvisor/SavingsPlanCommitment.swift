// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Usage of one hour at on-demand rates, and how often such an hour comes.
package struct UsageHour: Hashable, Sendable {
    package var microdollars: Int64
    package var weight: Int64

    package init(microdollars: Int64, weight: Int64 = 1) {
        self.microdollars = microdollars
        self.weight = weight
    }
}

/// What a commitment costs and does over all hours, on average an hour.
package struct SavingsPlanCommitment: Hashable, Sendable {
    /// Committed for every hour, used or not. Rounded up to a micro-dollar; the sums are exact.
    package let rate: HourlyRate
    /// The on-demand value of what it can cover in an hour.
    package let covers: HourlyRate
    /// Commitment and all that it does not cover, an hour.
    package let bill: Money
    /// Of the commitment, an hour.
    package let used: Money
    package let unused: Money
    /// Shares of all hours: used to the full, in part, not at all.
    package let whole: Double
    package let part: Double
    package let idle: Double

    /// Hours of the least bill: exact. The bill is piecewise linear in the commitment and convex, with a bend wherever
    /// an hour's usage is just covered, so one of these is the optimum; of several the smallest.
    ///
    /// Going on from one bend pays while more than 1 − discount of all hours use more.
    package static func cheapest(for hours: [UsageHour], at discount: SavingsPlanDiscount) -> SavingsPlanCommitment {
        let total = hours.reduce(Int128(0)) { $0 + Int128($1.weight) }
        precondition(total > 0, "a commitment for no hours")
        var above = total
        var covered: Int64 = 0
        for hour in hours.sorted(by: { $0.microdollars < $1.microdollars }) {
            guard above * 1_000_000 > total * Int128(discount.paid) else { break }
            if hour.microdollars > 0 { covered = hour.microdollars }
            above -= Int128(hour.weight)
        }
        return SavingsPlanCommitment(covering: covered, of: hours, at: discount)
    }

    /// A commitment that covers this much an hour, at on-demand rates.
    package init(covering covered: Int64, of hours: [UsageHour], at discount: SavingsPlanDiscount) {
        precondition(covered >= 0, "a commitment for less than nothing")
        var (weight, beyond, within) = (Int128(0), Int128(0), Int128(0))
        var (whole, part, idle) = (Int128(0), Int128(0), Int128(0))
        for hour in hours {
            let own = Int128(hour.weight)
            weight += own
            beyond += own * Int128(max(0, hour.microdollars - covered))
            within += own * Int128(min(hour.microdollars, covered))
            if hour.microdollars == 0 { idle += own } else if hour.microdollars < covered { part += own }
            if hour.microdollars >= covered, hour.microdollars > 0 { whole += own }
        }
        precondition(weight > 0, "a commitment for no hours")
        let paid = Int128(discount.paid)
        func hourly(_ millionths: Int128) -> Money {
            Money(units: millionths * Money.unitsPerMicrodollar / (weight * 1_000_000))
        }
        self.covers = HourlyRate(microdollars: covered)
        rate = HourlyRate(microdollars: Int64((Int128(covered) * paid + 999_999) / 1_000_000))
        bill = hourly(Int128(covered) * paid * weight + beyond * 1_000_000)
        used = hourly(within * paid)
        unused = hourly((Int128(covered) * weight - within) * paid)
        self.whole = Double(whole) / Double(weight)
        self.part = Double(part) / Double(weight)
        self.idle = Double(idle) / Double(weight)
    }
}
