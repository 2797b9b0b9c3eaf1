// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// `report --month --json`: a month's ledger.
package struct LedgerDocument: Codable, Hashable, Sendable {
    /// Parts of an amount; each way of splitting sums to it.
    package struct Split: Codable, Hashable, Sendable {
        package var useful: Money
        package var redone: Money
        package var restart: Money
        package var idle: Money
        package var onSpot: Money
        package var onDemand: Money
        /// On-demand so that the deadline held; a part of `onDemand`.
        package var fallback: Money
    }

    package struct Night: Codable, Hashable, Sendable {
        package var night: String
        package var job: String
        package var date: String
        package var rehearsal: Bool
        package var result: LedgerNight.Status
        package var outcome: OutcomeDocument?
        package var publication: PublicationDocument?
        package var start: Instant
        package var deadline: Instant
        package var readyAt: Instant?
        /// `nil`: a price was not found; then there is no split either.
        package var spent: Money?
        package var baseline: Money?
        package var baselineMeasured: Bool
        package var onDemandRate: Money?
        package var priceAsOf: String?
        package var priceSource: String?
        package var split: Split?
        package var totals: TotalsDocument
        package var waits: Int
        package var refusals: Int
    }

    package struct Step: Codable, Hashable, Sendable {
        package var step: LedgerWaterfall.Step.Name
        package var amount: Money
    }

    package struct Forecast: Codable, Hashable, Sendable {
        package var job: String
        package var nightsLeft: Int
        /// `own-nights`, `simulation` or `none`.
        package var source: String
        package var sourceNights: Int?
        package var why: String?
        package var cost: MonthSpread?
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var month: String
    package var timeZone: String
    package var at: Instant
    package var spent: Money?
    package var baseline: Money?
    package var saved: Money?
    package var split: Split?
    /// What stays that the platforms took no money for would have cost.
    package var free: Money
    /// Nights without a cost, because a price was not found.
    package var uncosted: [String]
    package var fruitless: Money
    package var results: [String: Int]
    package var interruptions: Int
    package var waterfall: [Step]?
    package var forecasts: [Forecast]
    package var drills: [LedgerDrill]
    package var nights: [Night]
    /// In no sum.
    package var rehearsals: [Night]

    package init(_ ledger: Ledger) {
        month = ledger.month.description
        timeZone = ledger.timeZone
        at = ledger.at
        let isKnown = ledger.uncosted.isEmpty
        spent = isKnown ? ledger.cost : nil
        baseline = ledger.baseline
        saved = ledger.saved
        split =
            isKnown
            ? Split(
                useful: ledger.cost(.useful), redone: ledger.cost(.redone), restart: ledger.cost(.restart),
                idle: ledger.cost(.idle), onSpot: ledger.cost(.spot), onDemand: ledger.cost(.onDemand),
                fallback: ledger.fallback) : nil
        free = ledger.free
        uncosted = ledger.uncosted.map(\.id)
        fruitless = ledger.fruitless
        results = Dictionary(
            uniqueKeysWithValues: LedgerNight.Status.allCases.map { ($0.rawValue, ledger.count($0)) })
        interruptions = ledger.interruptions
        waterfall = LedgerWaterfall(ledger).map { waterfall in
            [Step(step: .baseline, amount: waterfall.baseline)]
                + waterfall.steps.map { Step(step: $0.name, amount: $0.amount) }
                + [Step(step: .paid, amount: waterfall.actual)]
        }
        forecasts = ledger.forecasts.map(Forecast.init)
        drills = ledger.drills
        nights = ledger.nights.map(Night.init)
        rehearsals = ledger.rehearsals.map(Night.init)
    }
}

extension LedgerDocument.Split {
    init(_ account: NightAccount) {
        self.init(
            useful: account.cost(.useful), redone: account.cost(.redone), restart: account.cost(.restart),
            idle: account.cost(.idle), onSpot: account.cost(.spot), onDemand: account.cost(.onDemand),
            fallback: account.fallback)
    }
}

extension LedgerDocument.Forecast {
    fileprivate init(_ forecast: LedgerForecast) {
        job = forecast.job
        nightsLeft = forecast.nightsLeft
        cost = forecast.cost
        switch forecast.source {
        case .ownNights(let count):
            source = "own-nights"
            sourceNights = count
        case .simulation(let count):
            source = "simulation"
            sourceNights = count
        case .none(let words):
            source = "none"
            why = words
        }
    }
}

extension LedgerDocument.Night {
    fileprivate init(_ night: LedgerNight) {
        let (summary, account) = (night.summary, night.account)
        self.init(
            night: night.id, job: night.job, date: night.date.description, rehearsal: night.isRehearsal,
            result: night.status, outcome: summary.outcome.map { OutcomeDocument($0, margin: summary.margin) },
            publication: summary.publication.map { PublicationDocument($0, of: night.id) },
            start: summary.terms.start, deadline: summary.terms.deadline, readyAt: summary.readyAt,
            spent: night.isCostKnown ? night.cost : nil,
            baseline: night.baseline, baselineMeasured: summary.isBaselineMeasured,
            onDemandRate: night.onDemand.map { Money(microdollars: $0.rate.microdollars) },
            priceAsOf: night.onDemand?.priceAsOf, priceSource: night.onDemand?.priceSource,
            split: night.isCostKnown ? LedgerDocument.Split(account) : nil,
            totals: TotalsDocument(summary.totals), waits: night.waits, refusals: night.refusals)
    }
}
