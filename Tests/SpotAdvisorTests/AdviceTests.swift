// SPDX-License-Identifier: Apache-2.0

import NightshiftTesting
import SpotAdvisor
import Testing
import TrainingJobs

struct AdviceTests {
    /// A nightly recommender that fits: ten hours for four, proven, two thirds off.
    private static func brief(_ change: (inout AdviceBrief) -> Void = { _ in }) -> AdviceBrief {
        func offer(_ type: String, _ purchase: PurchaseOption, _ microdollars: Int64) -> PricedOffer {
            var offer = Fixtures.offer(purchase)
            offer.instanceType = type
            return Fixtures.priced(offer, microdollars: microdollars)
        }
        let own = [
            offer("ml.p4d.24xlarge", .spot, 7_575_386), offer("ml.p4d.24xlarge", .onDemand, 25_251_286),
        ]
        var job = Fixtures.job
        job.failureCost = .zero
        var brief = AdviceBrief(
            terms: Fixtures.terms(policy: .nightshift, window: .hours(10), offers: own), job: job,
            resume: ResumeEvidence(.proven, "proven in a test"),
            pools: [PoolDepth(own[0], believing: .shipped, evidence: .shippedLaw, ownShare: 0)],
            otherPrices: [
                offer("p4d.24xlarge", .spot, 6_587_293), offer("p4d.24xlarge", .onDemand, 21_957_642),
            ],
            saveTime: .seconds(10), saveTimeSource: "a test", lastSave: nil,
            engineeringWeek: Money(microdollars: 5_000_000_000), nights: 100, seed: 1)
        change(&brief)
        return brief
    }

    private static func obstacles(_ change: (inout AdviceBrief) -> Void) -> [AdviceVerdict.Obstacle] {
        Advice(brief(change)).verdict.obstacles
    }

    private static func setSpot(_ microdollars: Int64, _ brief: inout AdviceBrief) {
        brief.terms.offers[0].rate = HourlyRate(microdollars: microdollars)
    }

    @Test("A loose deadline, a proven resume and a real discount fit without a condition")
    func fits() throws {
        let advice = Advice(Self.brief())
        #expect(advice.verdict.fit == .fits, "\(advice.verdict)")
        #expect(advice.recommended == .managedSpot)
        let odds = try #require(advice.row(.managedSpot)?.odds)
        #expect(odds.onTime > 0.9 && odds.onTime <= 1 && odds.onTimeLow <= odds.onTime)
        #expect(try #require(odds.onTimeAlone) < odds.onTime)
    }

    @Test("Each thing that speaks against Spot is found, and named first")
    func eachObstacle() {
        #expect(Self.obstacles { $0.resume.standing = .noCheckpoint } == [.noCheckpoint])
        #expect(Self.obstacles { $0.resume.standing = .failed } == [.drillFailed])
        #expect(Self.obstacles { $0.terms.deadline = $0.terms.start + .minutes(300) } == [.sharpDeadline])
        #expect(Self.obstacles { $0.terms.deadline = $0.terms.start + .minutes(280) } == [.hopelessDeadline])
        #expect(Self.obstacles { $0.terms.expectedRuntime = .minutes(20) }.first == .shortJob)
        #expect(Self.obstacles { Self.setSpot(25_251_286, &$0) } == [.noDiscount])
        #expect(Self.obstacles { Self.setSpot(39_000_000, &$0) } == [.noDiscount])
        #expect(Self.obstacles { $0.job.failureCost = Money(microdollars: 60_000_000_000) } == [.costlyFailure])
        #expect(
            Self.obstacles { brief in
                for index in 0...1 { brief.terms.offers[index].rate.microdollars /= 20 }
            } == [.smallBill])
        #expect(
            Self.obstacles { brief in
                var model = MarketModel.shipped
                model.recovery.factor = 0.3
                model.loss.factor = 3
                brief.terms.marketModels = [
                    OfferModel(instanceType: "ml.p4d.24xlarge", zone: "eu-west-1a", model: model)
                ]
            } == [.thinPool])
        #expect(Self.obstacles { $0.terms.offers.removeLast() } == [.nothingToCompare])
        #expect(Self.obstacles { $0.terms.offers.removeFirst() } == [.nothingToCompare])
    }

    @Test("What must come first is a condition, and does not stand against Spot")
    func conditions() {
        func conditions(_ change: (inout AdviceBrief) -> Void) -> AdviceVerdict { Advice(Self.brief(change)).verdict }
        #expect(conditions { $0.resume.standing = .never }.conditions == [.runDrill])
        #expect(conditions { $0.resume.standing = .old }.conditions == [.drillAgain])
        #expect(conditions { $0.job.failureCost = nil }.conditions == [.sayFailureCost])
        #expect(conditions { $0.resume.standing = .never }.fit == .fitsWithConditions)
    }

    @Test("A missing price is not found: no figure of its row is 0")
    func missingPrice() throws {
        let advice = Advice(Self.brief { $0.otherPrices = [] })
        for option in [AdviceOption.ec2Spot, .batchSpot, .hyperPod] {
            let row = try #require(advice.row(option))
            #expect(row.rate == nil && row.discount == nil && row.nights == nil && row.perMonth == nil)
            #expect(row.odds == nil)
        }
        let nothing = Advice(Self.brief { $0.terms.offers = [] })
        #expect(nothing.recommended == nil)
        #expect(nothing.options.allSatisfy { $0.rate == nil || $0.option.product == .ec2 })
    }

    @Test("EC2's price is never taken for SageMaker's, nor the other way")
    func productsApart() throws {
        let advice = Advice(Self.brief())
        #expect(advice.row(.managedSpot)?.rate == HourlyRate(microdollars: 7_575_386))
        #expect(advice.row(.ec2Spot)?.rate == HourlyRate(microdollars: 6_587_293))
        #expect(advice.row(.savingsPlan)?.rate == HourlyRate(microdollars: 9_090_463))
    }

    @Test("The first hour is free where EC2 takes the machine back, and nowhere else")
    func freeFirstHour() throws {
        // EC2 at SageMaker's prices: only the free hour is between the two.
        let advice = Advice(
            Self.brief { brief in
                for index in 0...1 { brief.otherPrices[index].rate = brief.terms.offers[index].rate }
            })
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

    @Test("A plan for four hours a night alone costs more than twice on-demand at the largest discount")
    func savingsPlanAlone() {
        let rate = HourlyRate(microdollars: 25_251_286)
        let plan = SavingsPlanAlone.perMonth(onDemand: rate)
        let onDemand = rate.cost(of: .hours(4 * 30))
        #expect(abs(Double(plan.units) / Double(onDemand.units) - 2.16) < 0.001)
        #expect(SavingsPlanAlone.perMonth(onDemand: rate, discount: 0.3).units > 4 * onDemand.units)
    }

    @Test("Just inside of what the verdict hangs on Spot pays, and outside it does not")
    func sensitivity() throws {
        let hangs = Advice(Self.brief()).sensitivity
        let ratio = try #require(hangs.greatestRatio)
        #expect((0.4..<0.95).contains(ratio), "\(ratio)")
        func pays(_ ratio: Double) -> Bool {
            Advice(Self.brief { Self.setSpot(Int64(25_251_286 * ratio), &$0) }).sensitivity.paysNow
        }
        #expect(pays(ratio - 0.01) && !pays(ratio + 0.02))
        let window = try #require(hangs.leastWindow)
        func paysWithin(_ window: Duration) -> Bool {
            Advice(Self.brief { $0.terms.deadline = $0.terms.start + window }).sensitivity.paysNow
        }
        #expect(paysWithin(window + .minutes(3)) && !paysWithin(window - .minutes(6)))
        let least = try #require(hangs.leastAvailability)
        #expect(least > 0 && least < 0.5)
    }

    @Test("The same brief gives the same advice")
    func deterministic() {
        let (one, other) = (Advice(Self.brief()), Advice(Self.brief()))
        #expect(one.options == other.options && one.verdict == other.verdict && one.sensitivity == other.sensitivity)
    }

    @Test("What fits comes first, the most a month for each week of engineering before the rest")
    func portfolio() {
        func advice(_ name: String, engineering: Int64, fits: Bool = true) -> Advice {
            Advice(
                Self.brief { brief in
                    brief.job.name = name
                    brief.job.engineeringCost = Money(microdollars: engineering * 1_000_000)
                    if !fits { brief.resume.standing = .noCheckpoint }
                })
        }
        let portfolio = AdvicePortfolio([
            advice("b-never", engineering: 10, fits: false), advice("dear", engineering: 9000),
            advice("a-never", engineering: 10, fits: false), advice("cheap", engineering: 2000),
        ])
        #expect(portfolio.ranked.map(\.brief.job.name) == ["cheap", "dear", "a-never", "b-never"])
        let saved = portfolio.ranked[0].worth.savedPerMonth
        #expect(portfolio.savedPerMonth == saved + saved)
    }

    @Test("A machine that is had at a random moment is kept longer than one whose spell has just begun")
    func depth() {
        let pool = Self.brief().pools[0]
        #expect(abs(pool.available - 0.5) < 0.01)
        #expect(pool.uninterrupted(hours: 0) == 1)
        var last = 1.0
        for hours in 1...24 {
            let share = pool.uninterrupted(hours: Double(hours))
            #expect(share < last && share > HazardLaw.shipped.survival(ageHours: Double(hours)))
            last = share
        }
    }
}
