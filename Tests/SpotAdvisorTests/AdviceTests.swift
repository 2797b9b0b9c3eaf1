// SPDX-License-Identifier: Apache-2.0

import NightshiftTesting
import SpotAdvisor
import Testing
import TrainingJobs

struct AdviceTests {
    private static func obstacles(_ change: (inout AdviceBrief) -> Void) -> [AdviceVerdict.Obstacle] {
        Advice(AdviceFixture.brief(change)).verdict.obstacles
    }

    private static func setSpot(_ microdollars: Int64, _ brief: inout AdviceBrief) {
        brief.terms.offers[0].rate = HourlyRate(microdollars: microdollars)
    }

    @Test("A loose deadline, a proven resume and a real discount fit without a condition")
    func fits() throws {
        let advice = Advice(AdviceFixture.brief())
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
        #expect(Self.obstacles { AdviceFixture.set(window: 300, &$0) } == [.sharpDeadline])
        #expect(Self.obstacles { AdviceFixture.set(window: 280, &$0) } == [.hopelessDeadline])
        #expect(Self.obstacles { $0.terms.expectedRuntime = .minutes(20) }.first == .shortJob)
        #expect(Self.obstacles { Self.setSpot(25_251_286, &$0) } == [.noDiscount])
        #expect(Self.obstacles { Self.setSpot(39_000_000, &$0) } == [.noDiscount])
        #expect(
            Self.obstacles { brief in
                brief.terms.onDemandWait = .hours(1)
                brief.job.failureCost = Money(microdollars: 60_000_000_000)
            } == [.costlyFailure])
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

    @Test("Late nights on Spot are held against on-demand's own, not against none")
    func lateOnDemandToo() {
        let advice = Advice(
            AdviceFixture.brief { brief in
                brief.terms.onDemandWait = .hours(1)
                brief.job.failureCost = Money(microdollars: 3_000_000_000)
                // Less slack than a second wait would take: on-demand's own nights are late one time in twenty.
                AdviceFixture.set(window: 380, &brief)
            })
        #expect(advice.risk.lateShareOnDemand == FailureRisk.longerWaits)
        #expect(advice.risk.added < 0 && advice.verdict.fit == .fits, "\(advice.verdict) \(advice.risk)")
        #expect(!advice.verdict.conditions.contains(.lateRisk))
    }

    @Test("A short job is an obstacle where little is saved, and something to know where it pays")
    func shortJob() {
        let pays = Advice(
            AdviceFixture.brief {
                $0.terms.expectedRuntime = .minutes(20)
                $0.job.engineeringCost = .zero
            })
        #expect(pays.verdict.obstacles.isEmpty && pays.verdict.conditions == [.shortJob], "\(pays.verdict)")
    }

    @Test("The work for a job that runs once must pay with that night")
    func runsOnce() {
        func fit(_ once: Bool, _ dollars: Int64) -> [AdviceVerdict.Obstacle] {
            Self.obstacles { brief in
                brief.job.nightsPerMonth = 1
                brief.job.runsOnce = once
                brief.job.engineeringCost = Money(microdollars: dollars * 1_000_000)
            }
        }
        #expect(fit(false, 200).isEmpty && fit(true, 200) == [.smallBill] && fit(true, 10).isEmpty)
    }

    @Test("Above the greatest failure cost Spot does not pay, and below it does")
    func greatestFailureCost() throws {
        func advice(_ cost: Money) -> Advice {
            Advice(
                AdviceFixture.brief { brief in
                    brief.terms.onDemandWait = .hours(1)
                    brief.job.failureCost = cost
                })
        }
        let greatest = try #require(advice(.zero).sensitivity.greatestFailureCost)
        #expect(advice(Money(units: greatest.units * 9 / 10)).sensitivity.paysNow)
        #expect(!advice(Money(units: greatest.units * 11 / 10)).sensitivity.paysNow)
    }

    @Test("Prices of long ago, and Spot that the job does not offer, come first")
    func pricesAndOffers() {
        let old = Advice(AdviceFixture.brief { $0.terms.offers[0].priceAsOf = "2026-05-24" })
        #expect(old.verdict.conditions == [.oldPrices])
        let unknown = Advice(AdviceFixture.brief { $0.terms.offers[1].priceAsOf = "yesterday" })
        #expect(unknown.verdict.conditions == [.oldPrices])
        #expect(Advice(AdviceFixture.brief { $0.job.offers = [Fixtures.onDemand] }).verdict.conditions == [.offerSpot])
    }

    @Test("What must come first is a condition, and does not stand against Spot")
    func conditions() {
        func conditions(_ change: (inout AdviceBrief) -> Void) -> AdviceVerdict {
            Advice(AdviceFixture.brief(change)).verdict
        }
        #expect(conditions { $0.resume.standing = .never }.conditions == [.runDrill])
        #expect(conditions { $0.resume.standing = .old }.conditions == [.drillAgain])
        #expect(conditions { $0.job.failureCost = nil }.conditions == [.sayFailureCost])
        #expect(conditions { $0.resume.standing = .never }.fit == .fitsWithConditions)
    }

    @Test("Just inside of what the verdict hangs on Spot pays, and outside it does not")
    func sensitivity() throws {
        let hangs = Advice(AdviceFixture.brief()).sensitivity
        let ratio = try #require(hangs.greatestRatio)
        #expect((0.4..<0.95).contains(ratio), "\(ratio)")
        func pays(_ ratio: Double) -> Bool {
            Advice(AdviceFixture.brief { Self.setSpot(Int64(25_251_286 * ratio), &$0) }).sensitivity.paysNow
        }
        #expect(pays(ratio - 0.01) && !pays(ratio + 0.02))
        let window = try #require(hangs.leastWindow)
        func paysWithin(_ window: Duration) -> Bool {
            Advice(AdviceFixture.brief { $0.terms.deadline = $0.terms.start + window }).sensitivity.paysNow
        }
        #expect(paysWithin(window + .minutes(3)) && !paysWithin(window - .minutes(6)))
        let least = try #require(hangs.leastAvailability)
        #expect(least > 0 && least < 0.5)
    }

    @Test("The same brief gives the same advice")
    func deterministic() {
        let (one, other) = (Advice(AdviceFixture.brief()), Advice(AdviceFixture.brief()))
        #expect(one.options == other.options && one.verdict == other.verdict && one.sensitivity == other.sensitivity)
    }

    @Test("What fits comes first, the most a month for each week of engineering before the rest")
    func portfolio() {
        func advice(_ name: String, engineering: Int64, fits: Bool = true) -> Advice {
            Advice(
                AdviceFixture.brief { brief in
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
        let pool = AdviceFixture.brief().pools[0]
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
