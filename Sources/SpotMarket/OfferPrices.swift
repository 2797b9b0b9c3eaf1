// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What a job's offers cost, by the one path there is (`docs/prices.md`): the simulated platform's by its market, which
/// says them itself, all others by the price book.
package struct OfferPrices: Hashable, Sendable {
    /// In the offers' order.
    package let found: [PricedOffer]
    /// Each of the others, in the offers' order.
    package let missing: [MissingPrice]

    /// `market` may list more, and less, than the offers.
    package init(
        of offers: [Offer], market: Market?, book: PriceBook, for use: PriceUse, on today: LocalDate
    ) {
        var found: [PricedOffer] = []
        var missing: [MissingPrice] = []
        for offer in offers {
            if offer.isSimulated {
                if let priced = market?.price(of: offer, at: .zero) {
                    found.append(priced)
                } else {
                    missing.append(.inMarket(offer))
                }
                continue
            }
            let answer = book.answer(PriceQuery(offer), for: use, on: today)
            if let fact = answer.fact {
                found.append(PricedOffer(offer, fact))
            } else {
                missing.append(.inBook(answer))
            }
        }
        self.found = found
        self.missing = missing
    }
}

/// A price that is wanted and is not there.
package enum MissingPrice: Hashable, Sendable {
    case inBook(PriceAnswer)
    /// The simulated market does not list it.
    case inMarket(Offer)
}

extension Offer {
    /// Of the simulated platform on this machine: its prices are what its market file says.
    package var isSimulated: Bool { backend == "local" }
}

extension PriceQuery {
    /// What the price book is asked for an offer: SageMaker's types are training's, all others EC2's.
    package init(_ offer: Offer) {
        let product = PriceProduct.sageMakerTraining
        self.init(
            product: product.sells(offer.instanceType) ? product : .ec2, instanceType: offer.instanceType,
            region: offer.region, zone: offer.purchase == .spot ? offer.zone : nil, purchase: offer.purchase)
    }
}

extension PricedOffer {
    /// Keeps the fact's date and source for as long as the offer is kept, in a night's record too.
    package init(_ offer: Offer, _ fact: PriceFact) {
        self.init(offer: offer, rate: fact.rate, priceAsOf: fact.asOf.description, priceSource: fact.source)
    }

    /// Days since the price is known to have held, by its date; `nil` when that is none.
    package func ageDays(on today: LocalDate) -> Int? { LocalDate(priceAsOf).map { today.dayNumber - $0.dayNumber } }
}
