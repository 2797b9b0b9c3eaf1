// SPDX-License-Identifier: Apache-2.0

/// A night at one instant: what every view of its state says, computed once.
///
/// Measured: units, spent, totals. Forecasts: `readyAbout`, `ifItStays`, `ifItMustSwitch`. They are `nil` when there is
/// nothing to build them on.
package struct NightSummary: Hashable, Sendable {
    package var terms: NightTerms
    package var at: Instant
    package var phase: NightPhase
    /// The launch that is trained on, or the newest that lives.
    package var launch: LaunchRecord?
    /// Its place among the night's launches, from 1; 0 without one.
    package var machineNumber: Int

    package var units: Double
    package var durableUnits: Double
    package var newestGeneration: CommittedGeneration?
    /// What uniform progress from start to deadline would have done by now.
    package var neededUnits: Double

    package var readyAt: Instant?
    /// Where the present machine's pace leads; `nil` while nothing but Spot is waited for.
    package var readyAbout: Instant?
    /// The last decision's, moved by what became durable since; `nil` once on-demand was asked for, and when
    /// the night is over.
    package var latestSafeSwitch: Instant?
    package var slack: Duration?
    package var margin: Duration?

    package var spent: Money
    /// False: some launch is charged at a price that was not found, and `spent` has it at the offer's own rate.
    package var isSpentKnown: Bool
    package var burnRate: HourlyRate
    /// `nil`: no on-demand price was found.
    package var baseline: Money?
    /// At this night's own pace; else at the job file's word.
    package var isBaselineMeasured: Bool
    /// Measured pace over all attempts; `nil` when no attempt told two points.
    package var secondsPerUnit: Double?
    package var ifItStays: Money?
    package var ifItMustSwitch: Money?

    package var totals: TimelineTotals
    package var model: ModelArtifact?
    /// What came of putting the model into service; `nil` while that is open, and in nights of earlier versions.
    package var publication: PublicationAnswer?
    package var outcome: NightOutcome?
    /// In order of launch, then of time.
    package var alarms: [Alarm]
    package var finishedAt: Instant?
    package var lastDecision: RecordedDecision?

    /// `nil` for a night that was not opened.
    package init?(_ timeline: Timeline, _ bill: Bill, at now: Instant) {
        guard let terms = timeline.terms else { return nil }
        self.terms = terms
        at = now
        phase = timeline.phase(at: now)
        let launch = Self.launchInUse(timeline)
        self.launch = launch
        machineNumber = timeline.launches.firstIndex { $0.key == launch?.key }.map { $0 + 1 } ?? 0
        units = timeline.units
        durableUnits = timeline.durableUnits
        newestGeneration = timeline.newestGeneration
        neededUnits = terms.neededUnits(at: now)
        readyAt = timeline.readyAt
        margin = timeline.margin
        spent = bill.total(at: now)
        isSpentKnown = bill.unpriced.isEmpty
        // No machine outlives its night, whether somebody saw it end or not.
        burnRate = now < terms.end ? bill.burnRate : HourlyRate(microdollars: 0)
        baseline = bill.baseline?.amount
        isBaselineMeasured = bill.baseline?.isMeasured ?? false
        secondsPerUnit = timeline.measuredSecondsPerUnit
        totals = timeline.totals(at: now)
        model = timeline.model
        publication = timeline.publication
        outcome = timeline.outcome
        alarms = timeline.launches.flatMap(\.alarms)
        finishedAt = timeline.finishedAt
        lastDecision = timeline.decisions.last
        guard readyAt == nil, outcome == nil else { return }
        // During a move two machines are on the way; the one that is earlier counts.
        readyAbout = timeline.launches.lazy.filter { $0.end == nil && $0.stop == nil }
            .compactMap { [self] in estimateReady($0, timeline) }.min()
        let switched = timeline.launches.contains { $0.end == nil && $0.offer.purchase == .onDemand }
        if !switched, let latest = timeline.latestSafeSwitch {
            latestSafeSwitch = latest
            slack = latest - now
        }
        estimateCost(timeline, switched: switched)
    }

    /// Units by which the whole job is done, between 0 and 1.
    package var fraction: Double { terms.totalUnits > 0 ? min(1, max(0, units / terms.totalUnits)) : 0 }

    /// The alarm that ended the night.
    package var stopping: Alarm? {
        alarms.last { if case .stopped = $0.action { true } else { false } }
    }

    /// Baseline − spent; negative when Spot cost more.
    package var saved: Money? { baseline.map { $0 - spent } }

    /// Change against the baseline in whole percent, −54 for less than half; halves away from zero.
    package var changePercent: Int? {
        guard let baseline, baseline.units > 0 else { return nil }
        let scaled = (spent.units - baseline.units) * 200
        return Int((scaled + (scaled < 0 ? -baseline.units : baseline.units)) / (baseline.units * 2))
    }

    private var isMoving: Bool {
        if case .moving = phase { true } else { false }
    }

    private static func launchInUse(_ timeline: Timeline) -> LaunchRecord? {
        let living = timeline.launches.filter { $0.end == nil }
        return living.last { $0.isRunning && $0.attempts.last?.training != nil } ?? living.last
    }

    /// `nil` for a Spot request without capacity: nobody knows when it comes.
    private func estimateReady(_ launch: LaunchRecord, _ timeline: Timeline) -> Instant? {
        guard launch.isRunning, let attempt = launch.attempts.last else {
            guard launch.offer.purchase == .onDemand else { return nil }
            let granted = max(at, launch.requestedAt + terms.onDemandWait)
            let work = Duration(realSeconds: (terms.totalUnits - durableUnits) * timeline.secondsPerUnit(of: nil))
            return granted + terms.restartOverhead + work + terms.uploadTime
        }
        let pace = timeline.secondsPerUnit(of: attempt)
        let known: ProgressPoint
        if let training = attempt.training {
            known = attempt.newest ?? ProgressPoint(at: training.at, units: training.units)
        } else {
            known = ProgressPoint(at: attempt.from + terms.restartOverhead, units: durableUnits)
        }
        let work = Duration(realSeconds: max(0, terms.totalUnits - known.units) * pace)
        return max(at, known.at + work) + terms.uploadTime
    }

    private mutating func estimateCost(_ timeline: Timeline, switched: Bool) {
        if let readyAbout, !isMoving { ifItStays = spent + burnRate.cost(of: max(.zero, readyAbout - at)) }
        guard !switched, let onDemand = terms.onDemand else { return }
        let work = Duration(
            realSeconds: max(0, terms.totalUnits - durableUnits) * timeline.secondsPerUnit(of: launch?.attempts.last))
        ifItMustSwitch =
            spent + burnRate.cost(of: terms.onDemandWait + terms.restartOverhead)
            + onDemand.rate.cost(of: terms.restartOverhead + work + terms.uploadTime)
    }
}

extension NightTerms {
    /// Units that uniform progress from start to deadline would have done at this instant.
    package func neededUnits(at now: Instant) -> Double {
        guard deadline > start else { return totalUnits }
        let fraction = (now - start).realSeconds / (deadline - start).realSeconds
        return totalUnits * min(1, max(0, fraction))
    }
}
