// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import Testing
import TrainingJobs

@Suite struct OfferPricesTests {
    private static let today = PriceBookTests.today

    private static func offer(
        _ backend: String, _ type: String, _ zone: String, _ purchase: PurchaseOption
    ) -> Offer {
        Offer(backend: backend, instanceType: type, region: "us-east-1", zone: zone, purchase: purchase)
    }

    private static func market(_ offers: [Offer]) -> Market {
        Market(
            priceAsOf: "2019-01-01", priceSource: "a market file",
            listings: offers.map {
                Market.Listing(
                    offer: $0, prices: [Market.PriceStep(from: .zero, rate: HourlyRate(microdollars: 7_000_000))],
                    supply: .spells([]))
            })
    }

    @Test("the simulated platform's prices are its market's, and no other platform's are")
    func paths() {
        let simulated = Self.offer("local", "p4d.24xlarge", "us-east-1a", .spot)
        let real = Self.offer("ec2", "p4d.24xlarge", "us-east-1a", .spot)
        let book = PriceBook([PriceBookTests.fact("12.4991", zone: "us-east-1a")])
        let prices = OfferPrices(
            of: [simulated, real], market: Self.market([simulated, real]), book: book, for: .plan, on: Self.today)
        #expect(prices.found.map(\.offer) == [simulated, real])
        #expect(prices.found.map(\.rate.microdollars) == [7_000_000, 12_499_100])
        #expect(prices.found.map(\.priceAsOf) == ["2019-01-01", "2026-11-20"])
        #expect(prices.found.map(\.priceSource) == ["a market file", "a test"])
        #expect(prices.found.map { $0.ageDays(on: Self.today) } == [2884, 4])
        #expect(prices.missing.isEmpty)
    }

    @Test("a price that is not there is told with its offer, by the market and by the book")
    func missing() {
        let simulated = Self.offer("local", "p4d.24xlarge", "us-east-1a", .onDemand)
        let real = Self.offer("sagemaker", "ml.p4d.24xlarge", "us-east-1a", .onDemand)
        let book = PriceBook([PriceBookTests.fact("21.957642")])
        let prices = OfferPrices(
            of: [simulated, real], market: Self.market([]), book: book, for: .plan, on: Self.today)
        #expect(prices.found.isEmpty)
        #expect(prices.missing.first == .inMarket(simulated))
        guard case .inBook(.notFound(let query, let near)) = prices.missing.last else {
            Issue.record("EC2's price stood in for SageMaker's")
            return
        }
        #expect(query.product == .sageMakerTraining && query.zone == nil)
        #expect(near == book.facts)
    }

    @Test("a bill refuses the book's old price, a plan takes it")
    func ages() {
        let real = Self.offer("ec2", "p4d.24xlarge", "us-east-1a", .onDemand)
        let old = PriceBook([PriceBookTests.fact("21.957642", asOf: "2026-09-06")])
        func prices(_ use: PriceUse) -> OfferPrices {
            OfferPrices(of: [real], market: nil, book: old, for: use, on: Self.today)
        }
        #expect(prices(.plan).found.map(\.priceAsOf) == ["2026-09-06"])
        #expect(
            prices(.bill(maximumAgeDays: 45)).missing
                == [.inBook(.refused(.tooOld(old.facts[0], ageDays: 79, maximumAgeDays: 45)))])
    }
}
