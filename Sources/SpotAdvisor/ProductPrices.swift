// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// What one product's machines cost for a job by the price book, and what the book has no price for.
package struct ProductPrices: Hashable, Sendable {
    package let product: AdviceOption.Product
    /// On-demand with its region as its zone; Spot by zone.
    package let offers: [PricedOffer]
    /// Each question that has no price, once.
    package let missing: [PriceAnswer]

    /// The product's twins of a job's offers.
    ///
    /// Where the book has no Spot price of the job's own zones, EC2's other zones in the region are taken, the cheapest
    /// first and no more than the job has: which of them are the job's, an account's own names hide, and another product
    /// is not bound to them. Each keeps its own price and its own name.
    package init(_ product: AdviceOption.Product, of offers: [Offer], in book: PriceBook, on today: LocalDate) {
        self.product = product
        var found: [PricedOffer] = []
        var missing: [PriceAnswer] = []
        func note(_ answer: PriceAnswer, _ offer: Offer) {
            if let fact = answer.fact {
                let priced = PricedOffer(offer, fact)
                if !found.contains(priced) { found.append(priced) }
            } else if !missing.contains(answer) {
                missing.append(answer)
            }
        }
        var pools: [Offer: [String]] = [:]
        for offer in offers {
            var twin = offer
            twin.backend = product.rawValue
            twin.instanceType = product.name(of: offer.instanceType)
            if offer.purchase == .onDemand {
                twin.zone = offer.region
                note(book.answer(PriceQuery(product, twin), for: .plan, on: today), twin)
            } else {
                twin.zone = ""
                if pools[twin]?.contains(offer.zone) != true { pools[twin, default: []].append(offer.zone) }
            }
        }
        for (pool, zones) in pools.sorted(by: { $0.key.name < $1.key.name }) {
            func answers(_ zones: [String]) -> [(PriceAnswer, Offer)] {
                zones.map { zone in
                    var offer = pool
                    offer.zone = zone
                    return (book.answer(PriceQuery(product, offer), for: .plan, on: today), offer)
                }
            }
            let own = answers(zones)
            let region =
                own.contains { $0.0.fact != nil }
                ? [] : Array(answers(book.spotZones(product, pool)).filter { $0.0.fact != nil }.prefix(zones.count))
            for (answer, offer) in region.isEmpty ? own : region { note(answer, offer) }
        }
        self.offers = found
        self.missing = missing
    }
}

extension AdviceOption.Product {
    /// As the price book calls it.
    package var listed: PriceProduct {
        switch self {
        case .sagemaker: .sageMakerTraining
        case .ec2: .ec2
        case .hyperPod: .sageMakerHyperPod
        }
    }

    /// The same machine in this product's spelling. Its price is another one.
    func name(of type: String) -> String {
        let bare = type.hasPrefix("ml.") ? String(type.dropFirst(3)) : type
        return self == .ec2 ? bare : "ml." + bare
    }
}

extension PriceQuery {
    fileprivate init(_ product: AdviceOption.Product, _ offer: Offer) {
        self.init(
            product: product.listed, instanceType: offer.instanceType, region: offer.region,
            zone: offer.purchase == .spot ? offer.zone : nil, purchase: offer.purchase)
    }
}

extension PriceBook {
    /// Zones of the region with a Spot price, the cheapest first.
    fileprivate func spotZones(_ product: AdviceOption.Product, _ offer: Offer) -> [String] {
        facts.filter {
            $0.product == product.listed && $0.instanceType == offer.instanceType && $0.region == offer.region
                && $0.purchase == .spot
        }
        .sorted { ($0.rate, $0.order) < ($1.rate, $1.order) }.compactMap { $0.zone ?? $0.zoneId }
    }
}
