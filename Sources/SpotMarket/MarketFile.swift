// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A market as a file describes it (`docs/market-file.md`). Decoding is left to the caller, who may do I/O.
package struct MarketFile: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var instanceType: String
        package var zone: String
        package var purchase: PurchaseOption
        /// Decimal dollars per hour.
        package var pricePerHour: Money
        /// Changes after the start.
        package var priceChanges: [PriceChange]?
        /// Spot by trace.
        package var available: [Window]?
        /// Spot by model.
        package var model: Model?
        /// On-demand: minutes that each launch waits; the last one repeats.
        package var waitMinutes: [Double]?
    }

    package struct PriceChange: Codable, Sendable {
        package var fromMinute: Double
        package var pricePerHour: Money
    }

    package struct Window: Codable, Sendable {
        package var fromMinute: Double
        package var untilMinute: Double
        /// Seconds of warning before the end; absent or 0 is none.
        package var noticeSeconds: Double?
    }

    package struct Model: Codable, Sendable {
        package var seed: UInt64
        package var upScale: Double?
        package var downScale: Double?
        package var noticeShare: Double?
    }

    package var format: String
    package var version: Int
    package var priceAsOf: String
    package var priceSource: String
    package var offers: [Entry]

    /// The market for a job's offers over a night; every problem in the file at once.
    ///
    /// `seed` replaces the file's seeds (each entry then draws from its own stream of it).
    package func market(for offers: [Offer], length: Duration, seed: UInt64?) throws(MarketProblems) -> Market {
        var problems: [String] = []
        if format != "nightshift-market" || version != 1 {
            problems.append("format: expected \"nightshift-market\" version 1, found \"\(format)\" version \(version)")
        }
        var listings: [Market.Listing] = []
        for offer in offers {
            let match = self.offers.enumerated().first {
                $0.element.instanceType == offer.instanceType && $0.element.zone == offer.zone
                    && $0.element.purchase == offer.purchase
            }
            guard let (index, entry) = match else {
                problems.append("offers: \(offer.name) is in the job but not in the market; add an entry for it")
                continue
            }
            let place = "offers[\(index)]"
            let wrong = entry.problems
            problems += wrong.map { "\(place).\($0)" }
            // Values that are wrong may be no times at all.
            guard wrong.isEmpty else { continue }
            let stream = seed.map { $0 &+ UInt64(index) &* 0x9e37_79b9_7f4a_7c15 }
            listings.append(entry.listing(offer, length: length, seed: stream))
        }
        guard problems.isEmpty else { throw MarketProblems(problems: problems) }
        return Market(priceAsOf: priceAsOf, priceSource: priceSource, listings: listings)
    }
}

/// Problems that a person can fix in a market file.
package struct MarketProblems: Error, Hashable, CustomStringConvertible {
    package var problems: [String]

    package init(problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "\n") }
}

extension MarketFile.Entry {
    fileprivate func listing(_ offer: Offer, length: Duration, seed: UInt64?) -> Market.Listing {
        func minutes(_ value: Double) -> Duration { .milliseconds(Int64((value * 60000).rounded())) }
        var prices = [Market.PriceStep(from: .zero, rate: HourlyRate(microdollars: pricePerHour.roundedMicrodollars))]
        for change in (priceChanges ?? []).sorted(by: { $0.fromMinute < $1.fromMinute }) {
            prices.append(
                Market.PriceStep(
                    from: minutes(change.fromMinute),
                    rate: HourlyRate(microdollars: change.pricePerHour.roundedMicrodollars)))
        }
        let supply: Market.Supply
        if purchase == .onDemand {
            supply = .waits((waitMinutes ?? []).map(minutes))
        } else if let model {
            supply = .spells(
                SpellModel(
                    seed: seed ?? model.seed, upScale: model.upScale ?? 1, downScale: model.downScale ?? 1,
                    noticeShare: model.noticeShare ?? 0.5, notice: .seconds(120)
                ).spells(through: length))
        } else {
            supply = .spells(
                (available ?? []).map { window in
                    let notice = window.noticeSeconds.flatMap { $0 > 0 ? Duration.seconds($0) : nil }
                    return Market.Spell(
                        from: minutes(window.fromMinute), until: minutes(window.untilMinute), notice: notice)
                })
        }
        return Market.Listing(offer: offer, prices: prices, supply: supply)
    }
}
