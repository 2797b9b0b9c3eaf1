// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// All that advice is made of, gathered by who may look at files.
package struct AdviceBrief: Sendable {
    /// Tonight's, with what is believed of the Spot offers.
    package var terms: NightTerms
    package var job: TrainingJob
    /// Another job that is judged beside it has the same name.
    package var sharesName = false
    /// Of the job, as it was typed.
    package var file: String
    package var resume: ResumeEvidence
    /// One for each Spot offer of the terms, in their order.
    package var pools: [PoolDepth]
    /// By the price book, of what is not the job's own product.
    package var otherPrices: [ProductPrices]
    /// Of the job's own offers.
    package var missing: [MissingPrice]
    /// Ages of prices are counted to this day.
    package var today: LocalDate
    package var save: SaveEstimate
    /// From the notice to the last checkpoint committed, if a drill has shown it.
    package var lastSave: Duration?
    /// In the region of the first offer; `nil` when it was not found.
    package var storage: StorageFact?
    /// What a week of engineering is taken to cost.
    package var engineeringWeek: Money
    package var nights: Int
    package var seed: UInt64

    package init(
        terms: NightTerms, job: TrainingJob, file: String, resume: ResumeEvidence, pools: [PoolDepth],
        otherPrices: [ProductPrices],
        missing: [MissingPrice], today: LocalDate, save: SaveEstimate, lastSave: Duration?, storage: StorageFact?,
        engineeringWeek: Money, nights: Int, seed: UInt64
    ) {
        self.terms = terms
        self.job = job
        self.file = file
        self.resume = resume
        self.pools = pools
        self.otherPrices = otherPrices
        self.missing = missing
        self.today = today
        self.save = save
        self.lastSave = lastSave
        self.storage = storage
        self.engineeringWeek = engineeringWeek
        self.nights = nights
        self.seed = seed
    }

    /// The job's name; with its file where two jobs share a name.
    package var title: String { sharesName ? "\(job.name) (\(file))" : job.name }

    package var nightsPerMonth: Int { job.runsOnce == true ? 1 : job.nightsPerMonth ?? 30 }

    /// From start to deadline in a night without a clock change.
    package var ordinaryWindow: Duration {
        let minutes = (job.schedule.deadlineMinutes - job.schedule.startMinutes + 1440) % 1440
        return .minutes(minutes == 0 ? 1440 : minutes)
    }

    /// What the job file does not offer and advice judges all the same.
    package var addsSpot: Bool {
        !job.offers.contains { $0.purchase == .spot } && terms.offers.contains { $0.offer.purchase == .spot }
    }

    /// Days since the oldest price of the job's own offers is known to have held; `nil` where a day is not known.
    package var oldestPriceDays: Int? {
        let days = terms.offers.map { LocalDate($0.priceAsOf).map { today.dayNumber - $0.dayNumber } }
        return days.contains { $0 == nil } ? nil : days.compactMap { $0 }.max()
    }

    /// Of the job's own offers.
    package var product: AdviceOption.Product { .init(of: job.offers) }

    /// The night as it would be bought from a product; `nil` when nothing is known of it.
    ///
    /// Another product's pools are other pools: what is believed of the job's own is believed of them, for want of
    /// better.
    func terms(of product: AdviceOption.Product) -> NightTerms? {
        var terms = terms
        // Advice is about the default policy, also where the job file names another.
        terms.policy = .nightshift
        if product != self.product {
            guard let prices = otherPrices.first(where: { $0.product == product }) else { return nil }
            let own = self.terms.offers.map(\.offer).filter { $0.purchase == .spot }
            terms.offers = prices.offers
            terms.marketModels = prices.offers.map(\.offer).filter { $0.purchase == .spot }.enumerated().map {
                index, offer in
                let like = own.first { $0.zone == offer.zone } ?? (own.isEmpty ? offer : own[index % own.count])
                return OfferModel(
                    instanceType: offer.instanceType, zone: offer.zone, model: self.terms.marketModel(of: like))
            }
        }
        return terms
    }

    /// Why some of a product's prices are not there.
    func missing(of product: AdviceOption.Product) -> [MissingPrice] {
        product == self.product
            ? missing : (otherPrices.first { $0.product == product }?.missing ?? []).map(MissingPrice.inBook)
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
