// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// From the month's baseline to what was paid, in steps that sum exactly.
package struct LedgerWaterfall: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        /// The words of the JSON document; they never change.
        package enum Name: String, Codable, Hashable, Sendable, CaseIterable {
            case baseline
            /// Useful stays on Spot: what they cost less what the same stays cost at their type's on-demand price.
            case spotPrice = "spot-price"
            /// The rest of the baseline: its start, its upload, its pace.
            case pace
            case redone
            case restart
            case idle
            /// Stays that the platform took no money for; the steps before have them at their rate.
            case free
            case withoutModel = "without-model"
            case running
            case paid
        }

        package var name: Name
        package var amount: Money

        var signed: String { amount < .zero ? "−\((Money.zero - amount).text)" : "+\(amount.text)" }
    }

    package let baseline: Money
    /// Without those of nothing.
    package let steps: [Step]
    package let actual: Money

    /// `nil` when the baseline, or what was paid, is not known.
    package init?(_ ledger: Ledger) {
        guard let baseline = ledger.baseline, ledger.uncosted.isEmpty else { return nil }
        let comparable = ledger.nights.filter(\.isComparable)
        func sum(_ belongs: (NightAccount.Piece) -> Bool) -> Money {
            comparable.flatMap(\.account.pieces).reduce(.zero) { belongs($1) ? $0 + $1.chargeable : $0 }
        }
        let price = comparable.reduce(Money.zero) { $0 + Self.spotPrice($1) }
        let free = comparable.flatMap(\.account.pieces).reduce(Money.zero) { $1.isFree ? $0 - $1.chargeable : $0 }
        self.baseline = baseline
        actual = ledger.cost
        steps = [
            Step(name: .spotPrice, amount: price),
            Step(name: .pace, amount: sum { $0.kind == .useful } - price - baseline),
            Step(name: .redone, amount: sum { $0.kind == .redone }),
            Step(name: .restart, amount: sum { $0.kind == .restart }),
            Step(name: .idle, amount: sum { $0.kind == .idle }),
            Step(name: .free, amount: free),
            Step(name: .withoutModel, amount: ledger.fruitless),
            Step(name: .running, amount: ledger.running),
        ].filter { $0.amount != .zero }
    }

    /// By stay, not by billed time: where the discount is in fewer billable seconds, these have none.
    private static func spotPrice(_ night: LedgerNight) -> Money {
        var (paid, listed) = (Money.zero, Money.zero)
        for piece in night.account.pieces where piece.kind == .useful && piece.offer.purchase == .spot {
            guard let list = night.summary.terms.onDemand(like: piece.offer)?.rate else { continue }
            paid += piece.chargeable
            listed += list.cost(of: piece.stay)
        }
        return paid - listed.settled
    }
}
