// SPDX-License-Identifier: Apache-2.0

import JobFiles
import SpotMarket
import TrainingJobs

extension OfferPrices {
    /// Of a job's offers: by its market file, or the one that was typed, and by a price book that was read. Missing ones
    /// are no problem here; a file that cannot be used is.
    init(
        of job: TrainingJob, market typed: String? = nil, book: PriceBook, for use: PriceUse, on today: LocalDate
    ) throws(MarketProblems) {
        let simulated = job.offers.filter(\.isSimulated)
        var market: Market?
        if let path = typed ?? job.market, !simulated.isEmpty {
            do {
                market = try NightSession.marketFile(at: path).prices(of: simulated)
            } catch {
                throw MarketProblems(problems: error.problems.map { "\(path): \($0)" })
            }
        }
        self.init(of: job.offers, market: market, book: book, for: use, on: today)
    }
}

extension MarketFile {
    /// A market for the prices of those offers that it lists.
    fileprivate func prices(of offers: [Offer]) throws(MarketProblems) -> Market {
        try market(
            for: offers.filter { offer in
                self.offers.contains {
                    $0.instanceType == offer.instanceType && $0.zone == offer.zone && $0.purchase == offer.purchase
                }
            }, length: .zero, seed: nil)
    }
}
