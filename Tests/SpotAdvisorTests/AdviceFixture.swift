// SPDX-License-Identifier: Apache-2.0

import NightshiftTesting
import SpotAdvisor
import SpotMarket
import TrainingJobs

/// What advice is asked with in tests.
enum AdviceFixture {
    static let today = LocalDate("2026-11-24")!

    static func fact(
        _ product: PriceProduct, _ type: String, _ zone: String?, _ dollars: String, asOf: String = "2026-11-20",
        region: String = "eu-west-1"
    ) -> PriceFact {
        PriceFact(
            product: product, instanceType: type, region: region, zone: zone, zoneId: nil,
            purchase: zone == nil ? .onDemand : .spot, pricePerHour: Money(dollars: dollars)!,
            asOf: LocalDate(asOf)!, source: "a test")
    }

    /// EC2's and HyperPod's prices of the job's machine, each its own.
    static let book = PriceBook([
        fact(.ec2, "p4d.24xlarge", "eu-west-1a", "6.587293"), fact(.ec2, "p4d.24xlarge", nil, "21.957642"),
        fact(.sageMakerHyperPod, "ml.p4d.24xlarge", nil, "26.1"),
    ])

    static func offer(_ type: String, _ purchase: PurchaseOption, _ microdollars: Int64) -> PricedOffer {
        var offer = Fixtures.offer(purchase)
        offer.instanceType = type
        return Fixtures.priced(offer, microdollars: microdollars)
    }

    /// A nightly recommender that fits: ten hours for four, proven, two thirds off.
    static func brief(book: PriceBook = book, _ change: (inout AdviceBrief) -> Void = { _ in }) -> AdviceBrief {
        let own = [offer("ml.p4d.24xlarge", .spot, 7_575_386), offer("ml.p4d.24xlarge", .onDemand, 25_251_286)]
        var job = Fixtures.job
        job.failureCost = .zero
        job.schedule.deadlineMinutes = 600
        var brief = AdviceBrief(
            terms: Fixtures.terms(policy: .nightshift, window: .hours(10), offers: own), job: job, file: "job.yaml",
            resume: ResumeEvidence(.proven, "proven in a test"),
            pools: [PoolDepth(own[0], believing: .shipped, evidence: .shippedLaw, ownShare: 0)],
            otherPrices: [.ec2, .hyperPod].map { ProductPrices($0, of: job.offers, in: book, on: today) },
            missing: [], today: today, save: SaveEstimate(.seconds(10), .typed), lastSave: nil, storage: nil,
            engineeringWeek: Money(microdollars: 5_000_000_000), nights: 100, seed: 1)
        change(&brief)
        return brief
    }

    /// Minutes from start to deadline, in this night and in all.
    static func set(window minutes: Int, _ brief: inout AdviceBrief) {
        brief.terms.deadline = brief.terms.start + .minutes(minutes)
        brief.terms.end = brief.terms.deadline + .hours(1)
        brief.job.schedule.deadlineMinutes = minutes
    }

    /// The same job bought from EC2.
    static func ec2(_ change: (inout AdviceBrief) -> Void = { _ in }) -> AdviceBrief {
        brief { brief in
            let own = [offer("p4d.24xlarge", .spot, 6_587_293), offer("p4d.24xlarge", .onDemand, 21_957_642)]
            brief.terms.offers = own
            brief.job.offers = own.map(\.offer)
            brief.otherPrices = [.sagemaker, .hyperPod].map {
                ProductPrices($0, of: brief.job.offers, in: book, on: today)
            }
            change(&brief)
        }
    }
}
