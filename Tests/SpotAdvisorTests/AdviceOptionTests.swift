// SPDX-License-Identifier: Apache-2.0

import NightshiftTesting
import SpotAdvisor
import SpotMarket
import Testing
import TrainingJobs

/// The money and the odds of the options' rows.
struct AdviceOptionTests {
    @Test("A missing price is not found: no figure of its row is 0, and the row says what is missing")
    func missingPrice() throws {
        let advice = Advice(AdviceFixture.brief(book: PriceBook([])))
        for option in [AdviceOption.ec2Spot, .batchSpot, .hyperPod] {
            let row = try #require(advice.row(option))
            #expect(row.rate == nil && row.discount == nil && row.nights == nil && row.perMonth == nil)
            #expect(row.odds == nil && row.prices.isEmpty && !row.missing.isEmpty)
        }
        let nothing = Advice(AdviceFixture.brief { $0.terms.offers = [] })
        #expect(nothing.recommended == nil)
        #expect(nothing.options.allSatisfy { $0.rate == nil || $0.product != .sagemaker })
    }

    @Test("EC2's price is never taken for SageMaker's or HyperPod's, nor the other way")
    func productsApart() throws {
        let advice = Advice(AdviceFixture.brief())
        #expect(advice.row(.managedSpot)?.rate == HourlyRate(microdollars: 7_575_386))
        #expect(advice.row(.ec2Spot)?.rate == HourlyRate(microdollars: 6_587_293))
        #expect(advice.row(.hyperPod)?.rate == HourlyRate(microdollars: 26_100_000))
        let ec2 = Advice(AdviceFixture.ec2())
        #expect(ec2.row(.managedSpot)?.rate == nil && ec2.row(.sagemakerOnDemand)?.rate == nil)
        #expect(ec2.row(.ec2Spot)?.rate == HourlyRate(microdollars: 6_587_293))
        for row in advice.options + ec2.options where row.rate != nil {
            #expect(row.prices.allSatisfy { $0.offer.instanceType.hasPrefix("ml.") == (row.product != .ec2) })
        }
    }

    @Test("HyperPod's nodes of one night are priced where its price is in the book")
    func hyperPod() throws {
        let row = try #require(Advice(AdviceFixture.brief()).row(.hyperPod))
        let night = HourlyRate(microdollars: 26_100_000).cost(of: .hours(4) + .minutes(14))
        #expect(row.nights?.p50 == night && row.perMonth == Money(units: night.units * 30))
        #expect(row.discount == nil && row.odds?.onTime == 1)
    }

    @Test("The first hour is free where EC2 takes the machine back, and nowhere else")
    func freeFirstHour() throws {
        // EC2 at SageMaker's prices: only the free hour is between the two.
        let book = PriceBook([
            AdviceFixture.fact(.ec2, "p4d.24xlarge", "eu-west-1a", "7.575386"),
            AdviceFixture.fact(.ec2, "p4d.24xlarge", nil, "25.251286"),
        ])
        let advice = Advice(AdviceFixture.brief(book: book))
        let (managed, ec2) = (try #require(advice.row(.managedSpot)), try #require(advice.row(.ec2Spot)))
        let forecast = try #require(advice.forecast)
        let free = forecast.samples.reduce(Money.zero) { $0 + $1.youngSpot }
        #expect(free > .zero)
        let managedTotal = try #require(managed.nights).mean
        let ec2Mean = try #require(ec2.nights).mean
        let expected = Money(units: free.units / Int128(forecast.samples.count))
        #expect(abs(Double((managedTotal - ec2Mean - expected).units)) < 10)
        #expect(advice.row(.batchSpot)?.nights == ec2.nights)
        #expect(forecast.samples.allSatisfy { $0.youngSpot <= $0.cost })
    }

    @Test("A plan row is the Savings Plan arithmetic's own, of the job's own product")
    func savingsPlan() throws {
        let row = try #require(Advice(AdviceFixture.brief()).row(.savingsPlan))
        let onDemand = HourlyRate(microdollars: 25_251_286).cost(of: .hours(4 * 30))
        #expect(abs(Double(try #require(row.perMonth).units) / Double(onDemand.units) - 2.16) < 0.001)
        #expect(row.discount == SavingsPlanKind.sageMaker.mostPublished.share && row.product == .sagemaker)
        let ec2 = try #require(Advice(AdviceFixture.ec2()).row(.savingsPlan))
        #expect(ec2.discount == SavingsPlanKind.compute.mostPublished.share && ec2.product == .ec2)
    }

    @Test("What a month saves is the difference of the two rows, whatever the product", arguments: [true, false])
    func sums(isEC2: Bool) throws {
        let advice = Advice(isEC2 ? AdviceFixture.ec2() : AdviceFixture.brief())
        let spot = try #require(advice.row(advice.spotOption)?.perMonth)
        let onDemand = try #require(advice.row(isEC2 ? .ec2OnDemand : .sagemakerOnDemand)?.perMonth)
        #expect(advice.worth.savedPerMonth == onDemand - spot)
    }

    @Test("A night that goes to on-demand with room for a second wait is not counted late")
    func roomForASecondWait() throws {
        // Spot as dear as on-demand: the policy buys on-demand at once, and both rows are the same play.
        let advice = Advice(AdviceFixture.brief { $0.terms.offers[0].rate = $0.terms.offers[1].rate })
        let (spot, onDemand) = (try #require(advice.row(.managedSpot)), try #require(advice.row(.sagemakerOnDemand)))
        #expect(try #require(advice.forecast).fallback > 0)
        #expect(try #require(spot.odds).onTime >= 0.98 && onDemand.odds?.onTime == 1)
    }

    @Test("A night with a clock change does not stand for a month")
    func clockChange() throws {
        let usual = Advice(AdviceFixture.brief())
        let short = Advice(AdviceFixture.brief { $0.terms.deadline = $0.terms.deadline - .hours(1) })
        #expect(short.row(.managedSpot)?.perMonth == usual.row(.managedSpot)?.perMonth)
        #expect(short.deadline.window == .hours(9))
    }

    @Test("A late night saves nothing, and where even on-demand is late nothing is recommended")
    func hopeless() throws {
        let advice = Advice(
            AdviceFixture.brief { AdviceFixture.set(window: 240, &$0) })
        #expect(advice.verdict.obstacles == [.hopelessDeadline] && advice.recommended == nil)
        #expect(advice.worth.savedPerMonth <= .zero)
    }

    @Test("A job that runs most of the day is told that a plan may cost less")
    func longJob() throws {
        let long = Advice(
            AdviceFixture.brief { brief in
                brief.terms.expectedRuntime = .hours(18)
                AdviceFixture.set(window: 22 * 60, &brief)
            })
        let plan = try #require(long.planWouldCost)
        #expect(plan == long.row(.savingsPlan)?.perMonth)
        #expect(plan < (try #require(long.row(.managedSpot)?.perMonth)))
        #expect(Advice(AdviceFixture.brief()).planWouldCost == nil)
    }
}
