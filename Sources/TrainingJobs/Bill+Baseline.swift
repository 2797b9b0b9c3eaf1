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

    /// `nil` when no on-demand offer is priced: a missing price is never 0.
    ///
    /// A declared runtime that is too long would make every night look like a bargain, so what was measured counts as
    /// soon as a tenth of the job has been.
    package var baseline: Baseline? {
        guard let terms, let rate = terms.onDemand?.rate, let declared = terms.baseline else { return nil }
        guard let measured = measuredRuntime(of: terms) else { return Baseline(amount: declared, isMeasured: false) }
        return Baseline(amount: rate.cost(of: measured), isMeasured: true)
    }
}
