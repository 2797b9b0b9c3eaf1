// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import SpotMarket
import TrainingJobs

extension AdviceWords {
    static let priceTitles = ["price of", "for", "an hour", "as of", "age", "source"]

    /// Each price that a figure rests on, once; the job's own first.
    var priceCells: [[String]] {
        priced.map { entry in
            let (offer, day) = (entry.priced.offer, LocalDate(entry.priced.priceAsOf))
            let days = day.map { advice.brief.today.dayNumber - $0.dayNumber }
            return [
                offer.name, Self.product(entry.product), MoneyText.rate(entry.priced.rate), entry.priced.priceAsOf,
                days.map(PricesWords.age) ?? "unknown",
                (offer.isSimulated ? "simulated market: " : "") + entry.priced.priceSource,
            ]
        }
    }

    /// Prices that are not there, how to get them, and what is to be known of those that are.
    var priceNotes: [String] {
        var notes: [String] = []
        func note(_ words: String) { if !notes.contains(words) { notes.append(words) } }
        for missing in advice.options.flatMap(\.missing) { note(PricesWords.sentence(missing)) }
        let entries = priced
        let old = entries.filter { entry in
            guard !entry.priced.offer.isSimulated, let day = LocalDate(entry.priced.priceAsOf) else { return false }
            return advice.brief.today.dayNumber - day.dayNumber > PriceUse.defaultMaximumAgeDays
        }
        for region in Set(old.map(\.priced.offer.region)).sorted() {
            note(
                "prices older than \(PriceUse.defaultMaximumAgeDays) days are good for a plan only; run: nightshift prices "
                    + "refresh --region \(region)")
        }
        let zones = Set(advice.brief.job.offers.map(\.zone))
        if entries.contains(where: { $0.priced.offer.purchase == .spot && !zones.contains($0.priced.offer.zone) }) {
            note(
                "where the book has no Spot price of the job's own zones, other zones of the region stand under their own "
                    + "names, the cheapest first; which of them are yours, only your account knows")
        }
        return notes
    }

    /// One line with the job's own prices: source, day, age.
    var prices: String {
        let terms = advice.brief.terms
        let sources = Set(terms.offers.map { "\($0.priceSource), \($0.priceAsOf)" }).sorted()
        guard !sources.isEmpty else { return "not found" }
        let age = advice.brief.oldestPriceDays.map { "\(PricesWords.age($0)) old" } ?? "of unknown age"
        return sources.joined(separator: "; ") + "; " + age
    }

    static func product(_ product: AdviceOption.Product) -> String {
        switch product {
        case .sagemaker: "SageMaker training"
        case .ec2: "EC2"
        case .hyperPod: "HyperPod"
        }
    }

    /// The oldest day among a row's prices, and what its age is.
    static func asOf(_ row: OptionRow, on today: LocalDate) -> String? {
        guard !row.prices.isEmpty else { return nil }
        let days = row.prices.map { LocalDate($0.priceAsOf) }
        guard !days.contains(nil), let oldest = days.compactMap({ $0 }).min() else { return "unknown" }
        return "\(oldest) (\(PricesWords.age(today.dayNumber - oldest.dayNumber)))"
    }

    private var priced: [(priced: PricedOffer, product: AdviceOption.Product)] {
        var entries: [(priced: PricedOffer, product: AdviceOption.Product)] = []
        let own = advice.brief.product
        let rows = advice.options.filter { $0.product == own } + advice.options.filter { $0.product != own }
        for row in rows {
            for priced in row.prices where !entries.contains(where: { $0.priced == priced }) {
                entries.append((priced, row.product))
            }
        }
        return entries
    }
}
