// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import Reports
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
        let simulated = offers.filter(\.isSimulated)
        let market = try Self.market(typed ?? file.job.market, for: simulated)
        let listed = ProductPrices(
            product, of: offers.filter { !$0.isSimulated }, in: book, on: today)
        own = market.found + listed.offers
        missing = market.missing.map(MissingPrice.inMarket) + listed.missing.map(MissingPrice.inBook)
        others = [AdviceOption.Product.sagemaker, .ec2, .hyperPod].filter { $0 != product }
            .map { ProductPrices($0, of: offers, in: book, on: today) }
        storage = offers.first.flatMap { book.storagePrice(in: $0.region, on: today) }
    }

    private static func market(
        _ path: String?, for offers: [Offer]
    ) throws -> (found: [PricedOffer], missing: [Offer]) {
        guard let path else { return ([], offers) }
        do {
            let file = try NightSession.marketFile(at: path)
            let listed = offers.filter { offer in
                file.offers.contains {
                    $0.instanceType == offer.instanceType && $0.zone == offer.zone && $0.purchase == offer.purchase
                }
            }
            let market = try file.market(for: listed, length: .zero, seed: nil)
            let found = listed.compactMap { market.price(of: $0, at: .zero) }
            return (found, offers.filter { offer in !found.contains { $0.offer == offer } })
        } catch {
            for problem in error.problems { Console.tell(TerminalText.sanitized("\(path): \(problem)")) }
            throw ExitCode.badInput
        }
    }
}
