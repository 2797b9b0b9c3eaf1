// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// The nights of a month and what they came to. Rehearsals, which nobody bills, are in no sum. Every sum is made of the nights' settled amounts, so parts add up to
/// nights and nights to the month, to the micro-dollar.
package struct Ledger: Hashable, Sendable {
    package let month: CalendarMonth
    /// By date, then in the order in which they were opened.
    package let nights: [LedgerNight]
    /// In the same order.
    package let rehearsals: [LedgerNight]
    package let at: Instant
    /// The zone of the newest night: in it "today" is told.
    package let timeZone: String
    /// One a job, by name; none but for the present month.
    package var forecasts: [LedgerForecast] = []
    /// What is known of resuming, one a job, in words.
    package var drills: [LedgerDrill] = []

    /// Nights of other months are left out. `nights` come in the order in which they were opened.
    package init(_ month: CalendarMonth, _ nights: [LedgerNight], at now: Instant, timeZone: String) {
        self.month = month
        let sorted = nights.filter { month.contains($0.date) }.enumerated()
            .sorted { ($0.element.date, $0.offset) < ($1.element.date, $1.offset) }.map(\.element)
        self.nights = sorted.filter { !$0.isRehearsal }
        rehearsals = sorted.filter(\.isRehearsal)
        at = now
        self.timeZone = timeZone
    }

    package var jobs: [String] { Set((nights + rehearsals).map(\.job)).union(forecasts.map(\.job)).sorted() }

    /// Of what is known; the whole of it where `uncosted` is empty.
    package var cost: Money { nights.reduce(.zero) { $0 + $1.cost } }
    /// Nights with a launch that is charged at a price which was not found.
    package var uncosted: [LedgerNight] { nights.filter { !$0.isCostKnown } }
    /// `nil` without a comparable night, and when one has no on-demand price: a sum with a hole would be a rumour.
    package var baseline: Money? {
        guard unpriced.isEmpty, nights.contains(where: \.isComparable) else { return nil }
        return nights.reduce(Money.zero) { $0 + ($1.baseline ?? .zero) }
    }
    package var unpriced: [LedgerNight] { nights.filter { $0.isComparable && $0.baseline == nil } }
    /// What was paid in nights that trained no whole model and are over.
    package var fruitless: Money { cost { !$0.isComparable && $0.status != .running } }
    /// What nights that still run have paid before their model is whole: neither loss nor saving yet.
    package var running: Money { cost { !$0.isComparable && $0.status == .running } }

    /// Baseline − cost of all that is over: nights without a model count as loss in full. `nil` where either was not
    /// found.
    package var saved: Money? { uncosted.isEmpty ? baseline.map { $0 - (cost - running) } : nil }
    /// What stays that the platforms took no money for would have cost.
    package var free: Money {
        nights.flatMap(\.account.pieces).reduce(.zero) { $1.isFree ? $0 + $1.chargeable : $0 }
    }

    package func cost(_ kind: NightAccount.Kind) -> Money { nights.reduce(.zero) { $0 + $1.account.cost(kind) } }
    package func cost(_ purchase: PurchaseOption) -> Money {
        nights.reduce(.zero) { $0 + $1.account.cost(purchase) }
    }
    package var fallback: Money { nights.reduce(.zero) { $0 + $1.account.fallback } }

    package func duration(_ kind: NightAccount.Kind) -> Duration {
        nights.reduce(.zero) { $0 + $1.account.duration(kind) }
    }
    package func duration(_ purchase: PurchaseOption) -> Duration {
        nights.reduce(.zero) { $0 + $1.account.duration(purchase) }
    }

    package func count(_ status: LedgerNight.Status) -> Int { nights.count { $0.status == status } }
    package var interruptions: Int { nights.reduce(0) { $0 + $1.summary.totals.interruptions } }
    package var interruptedNights: Int { nights.count { $0.summary.totals.interruptions > 0 } }
    package var fallbackNights: Int { nights.count { $0.account.fallback > .zero } }
    package var waiting: Duration { nights.reduce(.zero) { $0 + $1.summary.totals.waiting } }

    private func cost(where belongs: (LedgerNight) -> Bool) -> Money {
        nights.reduce(.zero) { belongs($1) ? $0 + $1.cost : $0 }
    }
}

/// What is known of a job's resuming.
package struct LedgerDrill: Codable, Hashable, Sendable {
    package var job: String
    package var text: String

    package init(job: String, text: String) {
        self.job = job
        self.text = text
    }
}
