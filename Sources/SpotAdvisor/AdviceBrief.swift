// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// All that advice is made of, gathered by who may look at files.
package struct AdviceBrief: Sendable {
    /// Tonight's, with what is believed of the Spot offers.
    package var terms: NightTerms
    package var job: TrainingJob
    package var resume: ResumeEvidence
    /// One for each Spot offer of the terms, in their order.
    package var pools: [PoolDepth]
    /// Prices of other offers in the job's zones: of EC2 for a job of SageMaker's types, and the other way.
    package var otherPrices: [PricedOffer]
    /// Training stands still for so long at a save.
    package var saveTime: Duration
    package var saveTimeSource: String
    /// From the notice to the last checkpoint committed, if a drill has shown it.
    package var lastSave: Duration?
    /// What a week of engineering is taken to cost.
    package var engineeringWeek: Money
    package var nights: Int
    package var seed: UInt64

    package init(
        terms: NightTerms, job: TrainingJob, resume: ResumeEvidence, pools: [PoolDepth], otherPrices: [PricedOffer],
        saveTime: Duration, saveTimeSource: String, lastSave: Duration?, engineeringWeek: Money, nights: Int,
        seed: UInt64
    ) {
        self.terms = terms
        self.job = job
        self.resume = resume
        self.pools = pools
        self.otherPrices = otherPrices
        self.saveTime = saveTime
        self.saveTimeSource = saveTimeSource
        self.lastSave = lastSave
        self.engineeringWeek = engineeringWeek
        self.nights = nights
        self.seed = seed
    }

    package var nightsPerMonth: Int { job.nightsPerMonth ?? 30 }

    /// Of the job's own offers.
    package var product: AdviceOption.Product {
        terms.offers.contains { $0.offer.instanceType.hasPrefix("ml.") } ? .sagemaker : .ec2
    }

    /// The night as it would be bought from a product; `nil` when the product's Spot or on-demand price was not found.
    ///
    /// Another product's pools are other pools: what is believed of the job's own is believed of them, for want of
    /// better.
    func terms(of product: AdviceOption.Product) -> NightTerms? {
        var terms = terms
        // Advice is about the default policy, also where the job file names another.
        terms.policy = .nightshift
        if product != self.product {
            guard product != .hyperPod else { return nil }
            var models: [OfferModel] = []
            terms.offers = self.terms.offers.compactMap { own in
                var offer = own.offer
                offer.instanceType = Self.twin(offer.instanceType, of: product)
                if offer.purchase == .spot {
                    models.append(
                        OfferModel(
                            instanceType: offer.instanceType, zone: offer.zone,
                            model: self.terms.marketModel(of: own.offer)))
                }
                return otherPrices.first {
                    $0.offer.instanceType == offer.instanceType && $0.offer.zone == offer.zone
                        && $0.offer.purchase == offer.purchase
                }
            }
            terms.marketModels = models
        }
        return terms
    }

    private static func twin(_ type: String, of product: AdviceOption.Product) -> String {
        let bare = type.hasPrefix("ml.") ? String(type.dropFirst(3)) : type
        return product == .sagemaker ? "ml." + bare : bare
    }
}

extension NightTerms {
    /// The cheapest Spot offer.
    package var cheapestSpot: PricedOffer? {
        offers.filter { $0.offer.purchase == .spot }
            .min { ($0.rate, $0.offer.name) < ($1.rate, $1.offer.name) }
    }

    /// Of on-demand, as a share; `nil` without one of the two.
    package var spotRatio: Double? {
        guard let spot = cheapestSpot, let onDemand else { return nil }
        return Double(spot.rate.microdollars) / Double(onDemand.rate.microdollars)
    }
}
