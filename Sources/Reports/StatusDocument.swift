// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// `status --json`: a night at one instant.
package struct StatusDocument: Codable, Hashable, Sendable {
    package struct Machine: Codable, Hashable, Sendable {
        package var key: String
        package var offer: Offer
        package var requestedAt: Instant
        package var runningSince: Instant?
        package var interruptionAt: Instant?
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var night: String
    package var job: String
    package var timeZone: String
    package var at: Instant
    /// `waiting`, `launching`, `restarting`, `training`, `moving`, `concluding`, `finished`, `before-start`.
    package var phase: String
    package var phaseText: String
    package var start: Instant
    package var deadline: Instant
    package var end: Instant

    package var unitsTotal: Double
    package var unitsDone: Double
    package var unitsDurable: Double
    package var unitsNeeded: Double
    package var newestGeneration: CommittedGeneration?

    package var readyAt: Instant?
    /// A forecast.
    package var readyAbout: Instant?
    package var latestSafeSwitch: Instant?
    package var slackSeconds: Double?
    package var machine: Machine?

    package var spent: Money
    /// Of all machines that run now.
    package var burnRatePerHour: Money
    package var budget: Money?
    package var baseline: Money?
    package var baselineMeasured: Bool
    /// Forecasts of the whole night's bill.
    package var ifItStays: Money?
    package var ifItMustSwitch: Money?
    package var totals: TotalsDocument
    package var outcome: OutcomeDocument?
    /// Absent when no tripwire fired.
    package var alarms: [AlarmDocument]?
    package var publication: PublicationDocument?

    package init(_ summary: NightSummary) {
        let terms = summary.terms
        night = terms.night
        job = terms.job
        timeZone = terms.timeZone
        at = summary.at
        phase = summary.phase.code
        phaseText = OutcomeWords.phase(summary)
        start = terms.start
        deadline = terms.deadline
        end = terms.end
        unitsTotal = terms.totalUnits
        unitsDone = summary.units.orZero
        unitsDurable = summary.durableUnits.orZero
        unitsNeeded = summary.neededUnits
        newestGeneration = summary.newestGeneration
        readyAt = summary.readyAt
        readyAbout = summary.readyAbout
        latestSafeSwitch = summary.latestSafeSwitch
        slackSeconds = summary.slack?.realSeconds
        machine = summary.launch.map {
            Machine(
                key: $0.key, offer: $0.offer, requestedAt: $0.requestedAt, runningSince: $0.runningSince,
                interruptionAt: $0.notice?.interruptionAt)
        }
        spent = summary.spent
        budget = terms.budget
        burnRatePerHour = Money(microdollars: summary.burnRate.microdollars)
        baseline = summary.baseline
        baselineMeasured = summary.isBaselineMeasured
        ifItStays = summary.ifItStays
        ifItMustSwitch = summary.ifItMustSwitch
        totals = TotalsDocument(summary.totals)
        outcome = summary.outcome.map { OutcomeDocument($0, margin: summary.margin) }
        alarms = AlarmDocument.all(of: summary)
        publication = summary.publication.map { PublicationDocument($0, of: terms.night) }
    }
}

extension NightPhase {
    /// Stable, for scripts.
    fileprivate var code: String {
        switch self {
        case .notOpened: "not-opened"
        case .beforeStart: "before-start"
        case .waiting: "waiting"
        case .launching: "launching"
        case .restarting: "restarting"
        case .training: "training"
        case .moving: "moving"
        case .publishing: "publishing"
        case .concluding: "concluding"
        case .finished: "finished"
        }
    }
}

extension Double {
    /// JSON has no infinity and no NaN; training code may print either as its progress.
    var orZero: Double { isFinite ? self : 0 }
}
