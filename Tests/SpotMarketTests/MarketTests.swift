// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket
import Testing
import TrainingJobs

@Suite struct MarketTests {
    private static let start = Instant(milliseconds: 1_800_000_000_000)
    private static let spot = Offer(
        backend: "local", instanceType: "g5.xlarge", region: "r", zone: "a", purchase: .spot)
    private static let listing = Market.Listing(
        offer: spot,
        prices: [
            Market.PriceStep(from: .zero, rate: HourlyRate(microdollars: 100)),
            Market.PriceStep(from: .minutes(10), rate: HourlyRate(microdollars: 200)),
            Market.PriceStep(from: .minutes(20), rate: HourlyRate(microdollars: 300)),
        ],
        supply: .spells([
            Market.Spell(from: .minutes(5), until: .minutes(15), notice: nil),
            Market.Spell(from: .minutes(15), until: .minutes(30), notice: .seconds(120)),
        ]))

    @Test(arguments: [(-5, 100), (0, 100), (9, 100), (10, 200), (19, 200), (20, 300), (999, 300)])
    func `a price holds from its minute on`(minute: Int, rate: Int64) {
        #expect(Self.listing.rate(at: .minutes(minute)) == HourlyRate(microdollars: rate))
    }

    @Test(arguments: [
        (0, 5, [(0, 5, 100)]),
        (5, 25, [(5, 10, 100), (10, 20, 200), (20, 25, 300)]),
        // A cut at the very ends gives no empty stretch.
        (10, 20, [(10, 20, 200)]),
        (20, 20, []),
        (7, 12, [(7, 10, 100), (10, 12, 200)]),
    ])
    func `a stay is cut where the price changes`(from: Int, until: Int, cuts: [(Int, Int, Int)]) {
        let at = { (minute: Int) in Self.start + .minutes(minute) }
        let usage = Self.listing.usage(from: at(from), until: at(until), nightStart: Self.start)
        #expect(usage == cuts.map { Usage(from: at($0), until: at($1), rate: HourlyRate(microdollars: Int64($2))) })
    }

    @Test(arguments: [(4, nil), (5, 15), (14, 15), (15, 30), (29, 30), (30, nil)])
    func `a launch lives in the spell of its minute`(minute: Int, until: Int?) {
        #expect(Self.listing.spell(at: .minutes(minute))?.until == until.map { .minutes($0) })
    }

    @Test func `the last wait repeats, and no wait is none`() {
        var listing = Self.listing
        listing.supply = .waits([.minutes(3), .minutes(40)])
        #expect((0..<4).map(listing.wait(ofLaunch:)) == [.minutes(3), .minutes(40), .minutes(40), .minutes(40)])
        listing.supply = .waits([])
        #expect(listing.wait(ofLaunch: 2) == .zero)
        #expect(listing.spell(at: .zero) == nil)
    }

    @Test func `an offer that is not listed has no price`() {
        let market = Market(priceAsOf: "2026-09-01", priceSource: "a test", listings: [Self.listing])
        var other = Self.spot
        other.zone = "b"
        #expect(market.price(of: other, at: .zero) == nil)
        #expect(market.price(of: Self.spot, at: .minutes(12))?.rate == HourlyRate(microdollars: 200))
    }
}
