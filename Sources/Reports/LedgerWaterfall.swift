// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// From the month's baseline to what was paid, in steps that sum exactly.
struct LedgerWaterfall: Hashable {
    struct Step: Hashable {
        var words: String
        var amount: Money

        var signed: String { amount < .zero ? "−\((Money.zero - amount).text)" : "+\(amount.text)" }
    }

    let baseline: Money
    let steps: [Step]
    let actual: Money

    /// `nil` when the baseline is not known.
    init?(_ ledger: Ledger) {
        guard let baseline = ledger.baseline else { return nil }
        let comparable = ledger.nights.filter(\.isComparable)
        func sum(_ kind: NightAccount.Kind) -> Money {
            comparable.reduce(.zero) { $0 + $1.account.cost(kind) }
        }
        var price = Money.zero
        for night in comparable {
            guard let rate = night.onDemand?.rate else { continue }
            let spot = { (piece: NightAccount.Piece) in piece.kind == .useful && piece.offer.purchase == .spot }
            price += night.account.cost(where: spot) - rate.cost(of: night.account.duration(where: spot)).settled
        }
        self.baseline = baseline
        actual = ledger.cost
        steps = [
            Step(words: "the same work at Spot's price", amount: price),
            Step(
                words: "start, upload and pace that the baseline reckons with",
                amount: sum(.useful) - price - baseline),
            Step(words: "work done again", amount: sum(.redone)),
            Step(words: "restarts", amount: sum(.restart)),
            Step(words: "idle: machines on their way out", amount: sum(.idle)),
            Step(words: "nights without a whole model", amount: ledger.fruitless),
            Step(words: "nights that still run", amount: ledger.running),
        ].filter { $0.amount != .zero }
    }
}
