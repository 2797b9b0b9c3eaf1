// SPDX-License-Identifier: Apache-2.0

import NightshiftTesting
import SpotAdvisor
import SpotMarket
import Testing
import TrainingJobs

struct ProductPricesTests {
    private static func prices(_ facts: [PriceFact], zones: [String] = ["eu-west-1a", "eu-west-1b"]) -> ProductPrices {
        let offers = zones.flatMap { zone in [Fixtures.offer(.spot, zone: zone), Fixtures.offer(.onDemand, zone: zone)]
        }
        return ProductPrices(.ec2, of: offers, in: PriceBook(facts), on: AdviceFixture.today)
    }

    private static func spot(_ zone: String, _ dollars: String, asOf: String = "2026-11-20") -> PriceFact {
        AdviceFixture.fact(.ec2, "p4d.24xlarge", zone, dollars, asOf: asOf)
    }

    @Test("Each price keeps its day and its source, and on-demand is there once a region")
    func datesAndSources() {
        let prices = Self.prices([
            Self.spot("eu-west-1a", "11.5", asOf: "2025-06-30"), AdviceFixture.fact(.ec2, "p4d.24xlarge", nil, "23.7"),
        ])
        #expect(prices.offers.map(\.offer.zone).sorted() == ["eu-west-1", "eu-west-1a"])
        #expect(Set(prices.offers.map(\.priceAsOf)) == ["2025-06-30", "2026-11-20"])
        #expect(prices.offers.allSatisfy { $0.priceSource == "a test" && $0.offer.backend == "ec2" })
    }

    @Test("The job's own zones come first; without them the region's cheapest, no more than the job has")
    func zones() {
        let others = [Self.spot("euw1-az3", "9"), Self.spot("euw1-az2", "8"), Self.spot("euw1-az1", "7")]
        #expect(Self.prices(others).offers.map(\.offer.zone) == ["euw1-az1", "euw1-az2"])
        let own = Self.prices(others + [Self.spot("eu-west-1b", "20")])
        #expect(own.offers.map(\.offer.zone) == ["eu-west-1b"] && own.missing.count == 2)
    }

    @Test("What the book has not is missing, once for each question, and never another region's or product's")
    func missing() {
        let elsewhere = [
            AdviceFixture.fact(.ec2, "p4d.24xlarge", "use1-az1", "6.3", region: "us-east-1"),
            AdviceFixture.fact(.sageMakerTraining, "ml.p4d.24xlarge", nil, "25"),
        ]
        let prices = Self.prices(elsewhere)
        #expect(prices.offers.isEmpty && prices.missing.count == 3)
        let ahead = Self.prices([AdviceFixture.fact(.ec2, "p4d.24xlarge", nil, "23", asOf: "2026-11-25")])
        #expect(ahead.offers.isEmpty)
    }

    @Test("SageMaker's Spot is refused: it has no price of its own")
    func managedSpot() {
        let prices = ProductPrices(
            .sagemaker, of: [Fixtures.spot, Fixtures.onDemand],
            in: PriceBook([AdviceFixture.fact(.sageMakerTraining, "ml.p4d.24xlarge", nil, "27.27")]),
            on: AdviceFixture.today)
        #expect(prices.offers.map(\.offer.purchase) == [.onDemand])
        guard case .refused(.noSpotPrice)? = prices.missing.first else {
            Issue.record("\(prices.missing)")
            return
        }
    }
}
