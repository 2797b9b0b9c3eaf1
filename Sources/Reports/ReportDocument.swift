// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// `report --json`: the account of a night.
package struct ReportDocument: Codable, Hashable, Sendable {
    package struct Launch: Codable, Hashable, Sendable {
        package var key: String
        package var offer: Offer
        package var from: Instant?
        package var until: Instant?
        package var billedSeconds: Double
        package var cost: Money
        /// Billed stretches with their rates, as the platform reported them or as computed while it runs.
        package var usage: [Usage]
        package var end: String
    }

    package struct Usage: Codable, Hashable, Sendable {
        package var from: Instant
        package var until: Instant
        package var ratePerHour: Money
    }

    package struct Price: Codable, Hashable, Sendable {
        package var offer: Offer
        package var ratePerHour: Money
        package var asOf: String
        package var source: String
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var night: String
    package var job: String
    package var timeZone: String
    package var at: Instant
    package var start: Instant
    package var deadline: Instant
    package var finishedAt: Instant?
    package var readyAt: Instant?
    /// Absent while the night runs.
    package var outcome: OutcomeDocument?
    package var publication: PublicationDocument?
    package var spent: Money
    package var baseline: Money?
    package var baselineMeasured: Bool
    /// Baseline − spent; only for a night with a new model.
    package var saved: Money?
    package var changePercent: Int?
    /// What the bill paid for, to the micro-dollar.
    package var split: LedgerDocument.Split
    package var totals: TotalsDocument
    package var launches: [Launch]
    package var offers: [Price]
    package var policy: PolicyName
    /// Absent when no tripwire fired.
    package var alarms: [AlarmDocument]?

    /// `nil` for a night that was not opened.
    package init?(_ timeline: Timeline, _ bill: Bill, at now: Instant) {
        guard let summary = NightSummary(timeline, bill, at: now) else { return nil }
        let terms = summary.terms
        night = terms.night
        job = terms.job
        timeZone = terms.timeZone
        at = now
        start = terms.start
        deadline = terms.deadline
        finishedAt = summary.finishedAt
        readyAt = summary.readyAt
        outcome = summary.outcome.map { OutcomeDocument($0, margin: summary.margin) }
        publication = summary.publication.map { PublicationDocument($0, of: terms.night) }
        spent = summary.spent
        baseline = summary.baseline
        baselineMeasured = summary.isBaselineMeasured
        if case .completed = summary.outcome {
            saved = summary.saved
            changePercent = summary.changePercent
        }
        split = LedgerDocument.Split(NightAccount(timeline, bill, at: now))
        totals = TotalsDocument(summary.totals)
        launches = zip(timeline.launches, LaunchRow.rows(timeline, bill, at: now)).map { launch, row in
            let usage = bill.lines.first { $0.key == launch.key }?.billed(at: now) ?? []
            return Launch(
                key: launch.key, offer: launch.offer, from: row.from, until: row.until,
                billedSeconds: row.billed.realSeconds, cost: row.cost,
                usage: usage.map {
                    Usage(
                        from: $0.from, until: $0.until, ratePerHour: Money(microdollars: $0.rate.microdollars))
                }, end: row.end)
        }
        offers = terms.offers.map {
            Price(
                offer: $0.offer, ratePerHour: Money(microdollars: $0.rate.microdollars), asOf: $0.priceAsOf,
                source: $0.priceSource)
        }
        policy = terms.policy
        alarms = AlarmDocument.all(of: summary)
    }
}
