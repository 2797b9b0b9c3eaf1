// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
package import SpotMarket
package import TrainingJobs

/// The nightly recommender of the examples, as values: 20 epochs in four hours, a window of eight.
package enum Fixtures {
    package static let start = Instant(iso8601: "2026-11-24T00:00:00Z") ?? Instant(milliseconds: 0)

    package static let spot = offer(.spot)
    package static let onDemand = offer(.onDemand)

    package static func offer(_ purchase: PurchaseOption, zone: String = "eu-west-1a") -> Offer {
        Offer(
            backend: "local", instanceType: "ml.p4d.24xlarge", region: "eu-west-1", zone: zone, purchase: purchase)
    }

    package static func priced(_ offer: Offer, microdollars: Int64) -> PricedOffer {
        PricedOffer(
            offer: offer, rate: HourlyRate(microdollars: microdollars), priceAsOf: "2026-09-01", priceSource: "a test")
    }

    package static func terms(
        policy: PolicyName = .greedy, window: Duration = .hours(8), budget: Money? = nil,
        margin: Duration = .minutes(15),
        offers: [PricedOffer] = [priced(spot, microdollars: 7_575_386), priced(onDemand, microdollars: 25_251_286)]
    ) -> NightTerms {
        NightTerms(
            night: "recommender-2026-11-24", job: "recommender", timeZone: "Europe/Dublin", start: start,
            deadline: start + window, end: start + window + .hours(2), totalUnits: 20, expectedRuntime: .hours(4),
            maxRun: .hours(9), restartOverhead: .minutes(10), onDemandWait: .minutes(20), uploadTime: .minutes(4),
            safetyMargin: margin, checkpointInterval: .minutes(12), tick: .minutes(1),
            retryInterval: .minutes(3), budget: budget, policy: policy, offers: offers)
    }

    package static let conditions = TrainingConditions(
        secondsPerUnit: 720, restart: .minutes(8), upload: .minutes(3), unitsPerCheckpoint: 1)

    /// A market with one Spot offer of these spells, in minutes, and on-demand after `wait`.
    package static func market(
        spells: [(from: Int, until: Int, notice: Bool)], onDemandWait wait: Duration = .minutes(6),
        terms: NightTerms = terms()
    ) -> Market {
        let windows = spells.map {
            Market.Spell(from: .minutes($0.from), until: .minutes($0.until), notice: $0.notice ? .seconds(120) : nil)
        }
        return Market(
            priceAsOf: "2026-09-01", priceSource: "a test",
            listings: terms.offers.map { priced in
                Market.Listing(
                    offer: priced.offer, prices: [Market.PriceStep(from: .zero, rate: priced.rate)],
                    supply: priced.offer.purchase == .spot ? .spells(windows) : .waits([wait]))
            })
    }

    /// A night that is over after few events, for trying every point of it: units of 12 minutes.
    package static func shortTerms(
        night: String = "short-2026-11-24", units: Double, window: Duration, tick: Duration = .minutes(4),
        budget: Money? = nil, policy: PolicyName = .greedy
    ) -> NightTerms {
        var terms = terms(policy: policy, window: window, budget: budget, margin: .zero)
        terms.night = night
        terms.totalUnits = units
        terms.expectedRuntime = .minutes(12) * units
        terms.tick = tick
        terms.retryInterval = tick
        return terms
    }
}
