// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import Reports
import SageMakerBackend
import SpotAdvisor
import SpotMarket
import TrainingJobs

/// A job's prices for advice: the simulated platform's from its market file, all others from the price book.
struct AdvisePrices {
    /// Of the job's own offers, in their order.
    let own: [PricedOffer]
    let missing: [MissingPrice]
    let others: [ProductPrices]
    let storage: StorageFact?

    /// Ends the command with every problem of the market file.
    init(_ file: JobFile, market typed: String?, _ book: PriceBook, on today: LocalDate) throws {
        var offers = file.job.offers
        if !offers.contains(where: { $0.purchase == .spot }) {
            // A job that has never asked for Spot is the one that wants to know.
            offers += offers.map {
                var twin = $0
                twin.purchase = .spot
                return twin
            }
        }
        let product = AdviceOption.Product(of: offers)
        var rehearsed = file.job
        rehearsed.offers = offers.filter(\.isSimulated)
        let simulated = try MarketCommand.telling {
            try OfferPrices(of: rehearsed, market: typed, book: book, for: .plan, on: today)
        }
        let listed = ProductPrices(
            product, of: offers.filter { !$0.isSimulated }, in: book, on: today)
        // SageMaker publishes no price of Spot: what a job says of its discount stands for one, as in its nights.
        var asked = file.job
        asked.offers = offers.filter { !$0.isSimulated && $0.purchase == .spot }
        let spot =
            product == .sagemaker ? SageMakerPrices(job: asked, book: book, today: today).quotes : []
        own = simulated.found + listed.offers + spot
        missing =
            simulated.missing
            + listed.missing.map(MissingPrice.inBook).filter { missing in
                if case .inBook(.refused(.noSpotPrice)) = missing { spot.isEmpty } else { true }
            }
        others = [AdviceOption.Product.sagemaker, .ec2, .hyperPod].filter { $0 != product }
            .map { ProductPrices($0, of: offers, in: book, on: today) }
        storage = offers.first.flatMap { book.storagePrice(in: $0.region, on: today) }
    }
}
