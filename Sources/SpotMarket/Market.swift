// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Availability and prices of every offer through one night. Times are counted from the night's start.
///
/// A market is a value: asking it twice gives the same answer, whoever asks. The simulated platform plays it to the
/// machines; no policy may see it.
package struct Market: Hashable, Sendable {
    package struct Listing: Hashable, Sendable {
        package var offer: Offer
        /// In order of time; the first one begins at or before zero.
        package var prices: [PriceStep]
        package var supply: Supply

        package init(offer: Offer, prices: [PriceStep], supply: Supply) {
            self.offer = offer
            self.prices = prices
            self.supply = supply
        }
    }

    package struct PriceStep: Hashable, Sendable {
        package var from: Duration
        package var rate: HourlyRate

        package init(from: Duration, rate: HourlyRate) {
            self.from = from
            self.rate = rate
        }
    }

    package enum Supply: Hashable, Sendable {
        /// Spot: there is capacity inside these spells and nowhere else.
        case spells([Spell])
        /// On-demand: the n-th launch waits this long; the last wait repeats.
        case waits([Duration])
    }

    /// A stretch in which an offer has capacity, and how it ends for whoever is on it.
    package struct Spell: Hashable, Sendable {
        package var from: Duration
        package var until: Duration
        /// How long before `until` the notice comes; `nil` is no notice at all.
        package var notice: Duration?

        package init(from: Duration, until: Duration, notice: Duration?) {
            self.from = from
            self.until = until
            self.notice = notice
        }
    }

    /// When these prices were true, and who says so.
    package var priceAsOf: String
    package var priceSource: String
    package var listings: [Listing]

    package init(priceAsOf: String, priceSource: String, listings: [Listing]) {
        self.priceAsOf = priceAsOf
        self.priceSource = priceSource
        self.listings = listings
    }

    package func listing(of offer: Offer) -> Listing? {
        listings.first { $0.offer == offer }
    }

    /// `nil` when the market does not list the offer: a missing price is "not found", never 0.
    package func price(of offer: Offer, at time: Duration) -> PricedOffer? {
        guard let listing = listing(of: offer), let rate = listing.rate(at: time) else { return nil }
        return PricedOffer(offer: offer, rate: rate, priceAsOf: priceAsOf, priceSource: priceSource)
    }
}

extension Market.Listing {
    package func rate(at time: Duration) -> HourlyRate? {
        (prices.last { $0.from <= time } ?? prices.first)?.rate
    }

    /// The spell that a Spot launch at this time would live in.
    package func spell(at time: Duration) -> Market.Spell? {
        guard case .spells(let spells) = supply else { return nil }
        return spells.first { $0.from <= time && time < $0.until }
    }

    /// How long the n-th (0, 1 …) on-demand launch of a night waits for its machine.
    package func wait(ofLaunch number: Int) -> Duration {
        guard case .waits(let waits) = supply, let last = waits.last else { return .zero }
        return number < waits.count ? waits[number] : last
    }

    /// The longest wait for on-demand; `nil` for Spot.
    package var longestWait: Duration? {
        if case .waits(let waits) = supply { waits.max() } else { nil }
    }

    /// A stay cut at the changes of price, for the bill.
    package func usage(from start: Instant, until end: Instant, nightStart: Instant) -> [Usage] {
        var cuts = [start]
        for step in prices where nightStart + step.from > start && nightStart + step.from < end {
            cuts.append(nightStart + step.from)
        }
        cuts.append(end)
        return zip(cuts, cuts.dropFirst()).compactMap { from, until in
            guard until > from, let rate = rate(at: from - nightStart) else { return nil }
            return Usage(from: from, until: until, rate: rate)
        }
    }
}
