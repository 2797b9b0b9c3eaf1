// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Whether Spot fits a job: five filters, the options with money and odds, and what the verdict hangs on.
///
/// The same brief always gives the same advice.
package struct Advice: Sendable {
    package let brief: AdviceBrief
    package let deadline: DeadlineShape
    package let risk: FailureRisk
    package let worth: WorkWorth
    package let options: [OptionRow]
    package let verdict: AdviceVerdict
    /// `nil` when nothing has a price.
    package let recommended: AdviceOption?
    package let checkpoint: CheckpointInterval?
    package let sensitivity: AdviceSensitivity
    /// The night on Spot with the switch; `nil` when it cannot be priced.
    package let forecast: NightForecast?

    package init(_ asked: AdviceBrief) {
        var brief = asked
        if brief.resume.standing == .noCheckpoint {
            // What is never saved is lost whole, and the odds say so.
            brief.terms.checkpointInterval = max(brief.terms.checkpointInterval, brief.terms.expectedRuntime)
        }
        self.brief = brief
        let table = OptionTable(brief)
        let terms = brief.terms
        options = table.rows
        forecast = table.forecast
        deadline = DeadlineShape(terms)
        let baseline = terms.baseline
        let saved = forecast.flatMap { forecast in baseline.map { $0 - forecast.meanCost } } ?? .zero
        let lateShare = forecast.map { OptionTable.lateShare($0) } ?? 0
        risk = FailureRisk(cost: brief.job.failureCost, lateShare: lateShare)
        worth = WorkWorth(
            savedPerMonth: Money(units: saved.units * Int128(brief.nightsPerMonth)),
            engineering: brief.job.engineeringCost ?? brief.engineeringWeek,
            engineeringIsAssumed: brief.job.engineeringCost == nil, week: brief.engineeringWeek)
        checkpoint = terms.cheapestSpot.map { spot in
            CheckpointInterval(
                work: terms.expectedRuntime, restart: terms.restartOverhead, saveTime: brief.saveTime,
                loss: terms.marketModel(of: spot.offer).loss)
        }
        sensitivity = AdviceSensitivity(
            terms, least: worth.engineering, nightsPerMonth: brief.nightsPerMonth, seed: brief.seed)
        let judgement = AdviceJudgement(
            brief: brief, deadline: deadline, risk: risk, worth: worth, saved: saved, baseline: baseline,
            forecast: forecast, sensitivity: sensitivity)
        verdict = judgement.verdict
        recommended = Self.recommended(verdict, brief, options)
    }

    /// Spot by the product of the job's own offers, if it fits: another product means another migration.
    private static func recommended(
        _ verdict: AdviceVerdict, _ brief: AdviceBrief, _ rows: [OptionRow]
    ) -> AdviceOption? {
        let spot: AdviceOption = brief.product == .sagemaker ? .managedSpot : .ec2Spot
        let onDemand: AdviceOption = brief.product == .sagemaker ? .sagemakerOnDemand : .ec2OnDemand
        let choice = verdict.fit == .doesNotFit ? onDemand : spot
        return rows.contains { $0.option == choice && $0.rate != nil } ? choice : nil
    }

    package func row(_ option: AdviceOption) -> OptionRow? { options.first { $0.option == option } }

    /// The night's Spot offers as they are believed, the cheapest first.
    package var pools: [PoolDepth] {
        brief.pools.sorted { ($0.offer.rate, $0.offer.offer.name) < ($1.offer.rate, $1.offer.offer.name) }
    }
}

/// The verdict from the five filters.
struct AdviceJudgement {
    let brief: AdviceBrief
    let deadline: DeadlineShape
    let risk: FailureRisk
    let worth: WorkWorth
    let saved: Money
    let baseline: Money?
    let forecast: NightForecast?
    let sensitivity: AdviceSensitivity

    /// Spot that is not a tenth below on-demand has no discount worth a word; a night that is not a tenth cheaper either.
    static let leastGain = 0.1

    var verdict: AdviceVerdict { AdviceVerdict(obstacles: obstacles, conditions: conditions) }

    private var obstacles: Set<AdviceVerdict.Obstacle> {
        let terms = brief.terms
        var found: Set<AdviceVerdict.Obstacle> = []
        switch brief.resume.standing {
        case .noCheckpoint: found.insert(.noCheckpoint)
        case .failed: found.insert(.drillFailed)
        case .proven, .old, .partly, .never: break
        }
        guard let ratio = terms.spotRatio, let baseline else { return found.union([.nothingToCompare]) }
        // Of a job that does not resume, nothing else need be said but the deadline that even on-demand misses.
        switch deadline.form {
        case .hopeless: found.insert(.hopelessDeadline)
        case .sharp where found.isEmpty: found.insert(.sharpDeadline)
        case .sharp, .tight, .loose: break
        }
        guard found.isDisjoint(with: [.noCheckpoint, .drillFailed]) else { return found }
        if (terms.restartOverhead + terms.uploadTime) * 2 >= terms.expectedRuntime { found.insert(.shortJob) }
        if ratio > 1 - Self.leastGain { found.insert(.noDiscount) }
        // What follows from the deadline or the price is not said twice.
        guard found.isDisjoint(with: [.hopelessDeadline, .sharpDeadline, .noDiscount]) else { return found }
        if Double(saved.units) < Self.leastGain * Double(baseline.units) {
            found.insert(.thinPool)
            return found
        }
        if let expected = risk.expected, expected >= saved { found.insert(.costlyFailure) }
        if !worth.paysBack { found.insert(.smallBill) }
        return found
    }

    private var conditions: Set<AdviceVerdict.Condition> {
        var found: Set<AdviceVerdict.Condition> = []
        switch brief.resume.standing {
        case .never, .partly: found.insert(.runDrill)
        case .old: found.insert(.drillAgain)
        case .proven, .failed, .noCheckpoint: break
        }
        if risk.cost == nil { found.insert(.sayFailureCost) }
        if risk.lateShare >= 0.05 { found.insert(.lateRisk) }
        if let pool = brief.pools.max(by: { $0.available < $1.available }), pool.isWeak,
            let least = sensitivity.leastAvailability, least > pool.available / 2
        {
            found.insert(.weakEvidence)
        }
        return found
    }
}
