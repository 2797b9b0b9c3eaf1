// SPDX-License-Identifier: Apache-2.0

extension Bill {
    /// What the same job would have cost undisturbed on one on-demand machine.
    package struct Baseline: Hashable, Sendable {
        package var amount: Money
        /// True: at the pace and with the start-up time that this night itself has shown. False: at the job file's word,
        /// because too little has been seen yet.
        package var isMeasured: Bool

        package init(amount: Money, isMeasured: Bool) {
            self.amount = amount
            self.isMeasured = isMeasured
        }
    }

    /// On-demand's price of the type that did the most of the training: the pace is that type's, and so must the rate be.
    /// The cheapest on-demand offer before anything was trained.
    package var baselinePrice: PricedOffer? {
        guard let trained = trainedOffer else { return terms?.onDemand }
        return terms?.onDemand(like: trained)
    }

    /// `nil` when that price was not found: a missing price is never 0.
    ///
    /// A declared runtime that is too long would make every night look like a bargain, so what was measured counts as
    /// soon as a tenth of the job has been.
    package var baseline: Baseline? {
        guard let terms, let rate = baselinePrice?.rate else { return nil }
        guard let trained = trainedOffer, let measured = measuredRuntime(of: terms, on: trained) else {
            let declared = terms.restartOverhead + terms.expectedRuntime + terms.uploadTime
            return Baseline(amount: rate.cost(of: declared), isMeasured: false)
        }
        return Baseline(amount: rate.cost(of: measured), isMeasured: true)
    }
}
