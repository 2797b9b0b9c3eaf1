// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import Testing
import TrainingJobs

@testable import SpotAdvisor

@Suite struct SavingsPlanTests {
    private static let ml = HourlyRate(microdollars: 25_251_286)

    private static func job(
        _ instanceType: String = "ml.p4d.24xlarge", nights: Int = 30, spot: SavingsPlanJob.Spot? = nil
    ) -> SavingsPlanJob {
        SavingsPlanJob(
            instanceType: instanceType, onDemandRate: ml, start: .hours(22), deadline: .hours(8), runtime: .hours(4),
            nightsPerMonth: nights, spot: spot)
    }

    private static func discount(_ share: Double) -> SavingsPlanDiscount {
        SavingsPlanDiscount(partsPerMillion: Int64((share * 1e6).rounded()))
    }

    @Test("The cheapest commitment costs no more than any other, bend or not, and is the smallest of its price")
    func bruteForce() {
        for seed in 0..<300 {
            var random = SplitMix64(seed: UInt64(seed))
            let hours = (0..<1 + random.below(12)).map { _ in
                UsageHour(microdollars: Int64(random.below(12)), weight: Int64(1 + random.below(3)))
            }
            let discount = Self.discount(Double(1 + random.below(98)) / 100)
            let best = SavingsPlanCommitment.cheapest(for: hours, at: discount)
            for covered in 0...Int64(14) {
                let other = SavingsPlanCommitment(covering: covered, of: hours, at: discount)
                #expect(best.bill <= other.bill, "seed \(seed), \(covered)")
                if other.bill == best.bill { #expect(best.covers <= other.covers, "seed \(seed), \(covered)") }
            }
        }
    }

    @Test("Used and unused are the whole commitment, and the bill is it and what it does not cover")
    func sums() {
        let hours = [0, 3, 5, 9].map { UsageHour(microdollars: $0 * 1_000_000) }
        let commitment = SavingsPlanCommitment(covering: 5_000_000, of: hours, at: Self.discount(0.4))
        #expect(commitment.rate == HourlyRate(microdollars: 3_000_000))
        #expect(commitment.used + commitment.unused == Money(microdollars: 3_000_000))
        #expect(commitment.used == Money(microdollars: (0 + 3 + 5 + 5) * 600_000 / 4))
        #expect(commitment.bill == Money(microdollars: 3_000_000 + 4_000_000 / 4))
        #expect(commitment.whole == 0.5 && commitment.part == 0.25 && commitment.idle == 0.25)
    }

    @Test(
        "Four hours a night under a plan of their own cost 24 (1 − d) / 4 times on-demand",
        arguments: [
            (0.3, 4.2), (0.5, 3), (0.64, 2.16),
        ])
    func alone(share: Double, times: Double) {
        let discount = Self.discount(share)
        let option = SavingsPlanOption.jobAlone(Self.job(), at: discount)
        let onDemand = Money(units: Self.job().onDemandPerNight.units * 30)
        #expect(abs(Double(option.total.units) / Double(onDemand.units) - times) < 1e-6)
        #expect(abs(discount.breakEvenHours - 24 * (1 - share)) < 1e-9)
        let paid = option.commitment.used + option.commitment.unused
        #expect(Money(units: paid.units * 720) == option.total)
    }

    @Test("Without other usage no commitment pays below a discount of 83.3 %, and above it one does")
    func breakEven() {
        let below = SavingsPlanOption.onDemand(Self.job(), beside: .none, at: Self.discount(0.833))
        #expect(below.commitment.covers.microdollars == 0)
        #expect(below.job == Money(units: Self.job().onDemandPerNight.units * 30))
        let above = SavingsPlanOption.onDemand(Self.job(), beside: .none, at: Self.discount(0.834))
        #expect(above.commitment.covers == Self.ml && above.job < below.job)
    }

    @Test("Where no commitment is made nothing is saved, not even the dust of rounding")
    func dust() {
        for seed in 0..<200 {
            var random = SplitMix64(seed: UInt64(seed))
            var job = Self.job()
            job.onDemandRate = HourlyRate(microdollars: Int64(100_000 + random.below(40_000_000)))
            job.runtime = .milliseconds(Int64(600_000 + random.below(30_000_000)))
            job.nightsPerMonth = 1 + random.below(30)
            job.spot = SavingsPlanJob.Spot(
                cost: Money(microdollars: Int64(random.below(50_000_000))), fallbackNights: Int64(random.below(1001)),
                fallback: .milliseconds(Int64(random.below(20_000_000))))
            let discounts = [0.3, 0.5, 0.64].map(Self.discount)
            for one in SavingsPlanAdvice(job, under: .sageMaker, beside: .none, at: discounts).cases {
                #expect(one.saving >= .zero, "seed \(seed)")
                #expect(one.pays == (one.cheapest.commitment.covers.microdollars > 0), "seed \(seed)")
                if !one.pays { #expect(one.saving == .zero && one.cheapest == one.none, "seed \(seed)") }
            }
        }
    }

    @Test("A job of ten nights a month uses a plan in a third of the days, and pays for ten nights")
    func nightsPerMonth() {
        let few = Self.job(nights: 10)
        let advice = SavingsPlanAdvice(few, under: .sageMaker, beside: .none, at: [Self.discount(0.5)])
        #expect(advice.onDemandPerMonth == Money(units: few.onDemandPerNight.units * 10))
        #expect(advice.cases[0].none.total == advice.onDemandPerMonth)
        // The commitment is paid in all hours all the same.
        #expect(advice.cases[0].jobAlone.total == SavingsPlanOption.jobAlone(Self.job(), at: Self.discount(0.5)).total)
        #expect(abs(advice.cases[0].jobAlone.commitment.whole - 4.0 / 24 / 3) < 1e-12)
        // Four hours in every night would be used in a sixth of the hours, enough at 84 %; in a third of the nights not.
        func covers(_ job: SavingsPlanJob) -> Int64 {
            SavingsPlanOption.onDemand(job, beside: .none, at: Self.discount(0.84)).commitment.covers.microdollars
        }
        #expect(covers(Self.job()) > 0 && covers(few) == 0)
        #expect(Self.job(nights: 31).nightsPerMonth == 30)
    }

    @Test("A fallback in hours in which a commitment lies idle costs nothing more, and Spot's own price stays")
    func layers() throws {
        // Others use a machine from 8 to 22: the whole night finds the commitment unused.
        let usage = UsageHours(
            clock: .local, firstHour: 0, hours: (0..<24).map { $0 < 8 || $0 >= 22 ? 0 : Self.ml.microdollars })
        let spot = SavingsPlanJob.Spot(cost: Money(microdollars: 40_000_000), fallbackNights: 250, fallback: .hours(4))
        let option = try #require(
            SavingsPlanOption.spotOnTop(Self.job(spot: spot), beside: usage, at: Self.discount(0.5)))
        #expect(option.commitment.covers == Self.ml)
        #expect(option.job == Money(microdollars: 40_000_000 * 30))
        let advice = SavingsPlanAdvice(Self.job(spot: spot), under: .sageMaker, beside: usage, at: [Self.discount(0.5)])
        #expect(advice.cases[0].cheapest.layer == .onDemand, "four hours a night fit into the idle ones for nothing")
        #expect(advice.cases[0].onDemand.job < option.job)
    }

    @Test("The total is the others' own best bill and the job's part")
    func parts() {
        let usage = UsageHours(clock: .utc, firstHour: 5, hours: (0..<100).map { Int64($0 % 7) * 9_000_000 })
        let one = SavingsPlanAdvice(Self.job(), under: .sageMaker, beside: usage, at: [Self.discount(0.4)]).cases[0]
        #expect(one.onDemand.total == one.onDemand.job + one.othersBill)
    }

    @Test("SageMaker's plan alone covers ml types, and never covers EC2's")
    func kinds() {
        #expect(SavingsPlanKind.covering(instanceType: "ml.p4d.24xlarge") == [.sageMaker])
        #expect(SavingsPlanKind.covering(instanceType: "p4d.24xlarge") == [.compute, .ec2Instance])
        #expect(SavingsPlanKind.allCases.map(\.withArticle) == ["a SageMaker", "a Compute", "an EC2Instance"])
    }

    @Test("A night over midnight falls into the clock hours that it runs in, in parts of an hour too")
    func hours() {
        let usage = UsageHours(clock: .utc, firstHour: 20, hours: Array(repeating: 0, count: 30))
        let hours = usage.adding(
            HourlyRate(microdollars: 4_000_000), from: .minutes(23 * 60 + 30), for: .hours(2))
        let used = hours.enumerated().filter { $0.element.microdollars > 0 }
        #expect(used.map(\.offset) == [3, 4, 5, 27, 28, 29])
        #expect(used.map(\.element.microdollars) == [2_000_000, 4_000_000, 2_000_000, 2_000_000, 4_000_000, 2_000_000])
    }
}
