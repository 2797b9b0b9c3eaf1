// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// What the offers of a job cost on SageMaker, from the price book. Nothing is inferred: an offer without a price is
/// left out, and why is said.
package struct SageMakerPrices: Sendable {
    package private(set) var quotes: [PricedOffer] = []
    /// In words, one an offer that has no price.
    package private(set) var problems: [String] = []

    package init(job: TrainingJob, book: PriceBook, today: LocalDate) {
        var told: Set<String> = []
        for offer in job.offers {
            let query = PriceQuery(
                product: .sageMakerTraining, instanceType: offer.instanceType, region: offer.region,
                purchase: .onDemand)
            guard let fact = book.answer(query, for: .plan, on: today).fact else {
                let problem =
                    "\(offer.instanceType) in \(offer.region): the price of training is not found; "
                    + "ask AWS for it: nightshift prices refresh; or write it by hand (docs/prices.md)"
                if told.insert(problem).inserted { problems.append(problem) }
                continue
            }
            switch offer.purchase {
            case .onDemand:
                quotes.append(PricedOffer(offer, fact))
            case .spot:
                guard let discount = job.sageMaker?.spotDiscountPercent, (0..<100).contains(discount) else {
                    let problem =
                        "Spot: its price is not found; SageMaker publishes none. Say in sageMaker.spotDiscount what "
                        + "managed Spot saved you lately"
                    if told.insert(problem).inserted { problems.append(problem) }
                    continue
                }
                let rate = Int64((Double(fact.rate.microdollars) * (100 - discount) / 100).rounded())
                var quote = PricedOffer(offer, fact)
                quote.rate = HourlyRate(microdollars: rate)
                quote.priceSource += "; less \(discount) % (sageMaker.spotDiscount)"
                quotes.append(quote)
            }
        }
    }
}
