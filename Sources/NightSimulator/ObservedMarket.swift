// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// The market of a past night, as far as its events tell it.
///
/// An offer was seen up from the answer that took a launch until the machine went, and seen down at a refusal for want
/// of capacity and at an interruption. Between two sightings the last seen state holds until the middle; before the
/// first and after the last one nothing is known, and the nearest holds. An offer that was never asked for counts as
/// absent.
package struct ObservedMarket: Sendable {
    package let market: Market
    /// Of the time from start to deadline, the part in which somebody looked, per Spot offer in the terms' order: a
    /// machine ran, or two sightings lie no further apart than two retries.
    package let known: [(offer: Offer, share: Double)]

    /// Of all Spot offers together; 1 when there is none.
    package var knownShare: Double {
        known.isEmpty ? 1 : known.reduce(0) { $0 + $1.share } / Double(known.count)
    }

    /// Spot offers of which nothing is known.
    package var unseen: [Offer] { known.filter { $0.share == 0 }.map(\.offer) }

    /// `nil` for events that do not begin with the night's opening.
    package init?(_ events: [NightEvent]) {
        guard let terms = events.terms else { return nil }
        let record = MarketRecord(events, from: terms.start)
        let end = max(terms.end, events.last?.at ?? terms.end)
        var known: [(offer: Offer, share: Double)] = []
        let listings = terms.offers.map { priced in
            let offer = priced.offer
            let supply: Market.Supply
            if offer.purchase == .spot {
                let sightings = record.sightings[offer] ?? []
                supply = .spells(Self.spells(sightings, from: terms.start, until: end))
                known.append((offer, Self.knownShare(sightings, terms)))
            } else {
                supply = .waits(
                    record.waits.isEmpty ? [terms.onDemandWait] : record.waits.map { $0 ?? terms.onDemandWait })
            }
            return Market.Listing(
                offer: offer, prices: record.prices(of: priced), supply: supply)
        }
        market = Market(
            priceAsOf: terms.offers.first?.priceAsOf ?? "", priceSource: "the record of \(terms.night)",
            listings: listings)
        self.known = known
    }

    private static func spells(_ sightings: [MarketRecord.Sighting], from start: Instant, until end: Instant) -> [Market
        .Spell]
    {
        var spells: [Market.Spell] = []
        for (index, sighting) in sightings.enumerated() where sighting.isUp {
            let before = index == 0 ? nil : sightings[index - 1]
            let after = index + 1 < sightings.count ? sightings[index + 1] : nil
            let until = after.map { $0.isUp ? $0.from : middle(sighting.until, $0.from) } ?? end
            if let before, before.isUp, let last = spells.indices.last {
                spells[last].until = until - start
                spells[last].notice = sighting.notice
            } else {
                let from = before.map { middle($0.until, sighting.from) } ?? start
                spells.append(Market.Spell(from: from - start, until: until - start, notice: sighting.notice))
            }
        }
        return spells
    }

    private static func middle(_ one: Instant, _ other: Instant) -> Instant {
        one + .milliseconds((other - one).milliseconds / 2)
    }

    private static func knownShare(_ sightings: [MarketRecord.Sighting], _ terms: NightTerms) -> Double {
        let window = (terms.deadline - terms.start).milliseconds
        guard window > 0 else { return 0 }
        var known: Int64 = 0
        var covered = terms.start
        func add(_ from: Instant, _ until: Instant) {
            let (from, until) = (max(from, covered), min(until, terms.deadline))
            guard until > from else { return }
            known += (until - from).milliseconds
            covered = until
        }
        for (index, sighting) in sightings.enumerated() {
            if index > 0, sighting.from - sightings[index - 1].until <= terms.retryInterval * 2 {
                add(sightings[index - 1].until, sighting.from)
            }
            add(sighting.from, sighting.until)
        }
        return Double(known) / Double(window)
    }
}
