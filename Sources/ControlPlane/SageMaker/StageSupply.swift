// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// The market as one job meets it: the listings of its instance type and purchase option, and what on-demand costs.
/// Times are counted from the job's creation.
package struct StageSupply: Hashable, Sendable {
    package struct Grant: Hashable, Sendable {
        package var at: Duration
        /// When the capacity is taken back; `nil` is never.
        package var until: Duration?
        package var notice: Duration?
        package var listing: Int
    }

    /// In the market's order; a job takes the first that has capacity.
    package var listings: [Market.Listing]
    package var onDemand: Market.Listing?

    package init(listings: [Market.Listing], onDemand: Market.Listing?) {
        self.listings = listings
        self.onDemand = onDemand
    }

    /// The first machine that can be had at `time` or later, for a job that has asked since `asked`; `nil` is none ever.
    package func grant(at time: Duration, askedAt asked: Duration, launch: Int) -> Grant? {
        listings.enumerated().compactMap { index, listing -> Grant? in
            switch listing.supply {
            case .spells(let spells):
                guard let spell = spells.first(where: { $0.until > time }) else { return nil }
                return Grant(at: max(time, spell.from), until: spell.until, notice: spell.notice, listing: index)
            case .waits:
                let ready = asked + listing.wait(ofLaunch: launch)
                return Grant(at: max(time, ready), until: nil, notice: nil, listing: index)
            }
        }.min { $0.at < $1.at }
    }

    /// A stay as on-demand time of the same price, in milliseconds; all of it where on-demand has no price.
    package func billableMilliseconds(listing index: Int, from start: Duration, until end: Duration) -> Int64 {
        let origin = Instant(milliseconds: 0)
        let whole = max(0, (end - start).milliseconds)
        guard listings.indices.contains(index), let rate = onDemand?.rate(at: start), rate.microdollars > 0 else {
            return whole
        }
        let usage = listings[index].usage(from: origin + start, until: origin + end, nightStart: origin)
        let cost = usage.map { $0.rate.cost(of: $0.until - $0.from) }.reduce(.zero, +)
        return min(whole, Int64(cost.units / Int128(rate.microdollars)))
    }
}

/// Where the stage's jobs get their machines from.
package enum StageMarket: Sendable {
    /// Every instance type is there at once and stays; Spot costs 30 % of on-demand.
    case calm
    case file(MarketFile)

    /// Throws every problem of the file.
    package func check() throws(MarketProblems) {
        guard case .file(let file) = self else { return }
        _ = try file.market(for: file.offers.map(Self.offer), length: .hours(1), seed: nil)
    }

    /// What a job of this type meets in so much of the market's time.
    package func supply(
        of instanceType: String, _ purchase: PurchaseOption, length: Duration
    ) throws(MarketProblems) -> StageSupply {
        switch self {
        case .calm:
            let onDemand = Self.calmListing(instanceType, .onDemand)
            return StageSupply(
                listings: [purchase == .spot ? Self.calmListing(instanceType, .spot) : onDemand], onDemand: onDemand)
        case .file(let file):
            let offers = file.offers.filter { $0.instanceType == instanceType }.map(Self.offer)
            let listings = try file.market(for: offers, length: length, seed: nil).listings
            return StageSupply(
                listings: listings.filter { $0.offer.purchase == purchase },
                onDemand: listings.first { $0.offer.purchase == .onDemand })
        }
    }

    private static func offer(_ entry: MarketFile.Entry) -> Offer {
        Offer(
            backend: "stage", instanceType: entry.instanceType, region: String(entry.zone.dropLast()),
            zone: entry.zone, purchase: entry.purchase)
    }

    private static func calmListing(_ instanceType: String, _ purchase: PurchaseOption) -> Market.Listing {
        let decade = Duration.hours(24 * 3660)
        return Market.Listing(
            offer: Offer(
                backend: "stage", instanceType: instanceType, region: "us-east-1", zone: "us-east-1a",
                purchase: purchase),
            prices: [
                Market.PriceStep(
                    from: .zero, rate: HourlyRate(microdollars: purchase == .spot ? 300_000 : 1_000_000))
            ],
            supply: purchase == .spot
                ? .spells([Market.Spell(from: .zero, until: decade, notice: nil)]) : .waits([]))
    }
}
