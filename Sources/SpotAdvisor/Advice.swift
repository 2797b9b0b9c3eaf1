// SPDX-License-Identifier: Apache-2.0

import SpotMarket
package import TrainingJobs

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
    /// `nil` when nothing has a price, or nothing is in time.
    package let recommended: AdviceOption?
    /// What a month under a plan for this job alone costs at the largest published discount, where that is less than
    /// what is recommended: the job runs so long that a commitment is used.
    package let planWouldCost: Money?
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
        let rows = table.rows
        options = rows
        forecast = table.forecast
        deadline = DeadlineShape(terms)
        let own = rows.first { $0.option == brief.spotOption }
        let onDemand = rows.first { $0.option == brief.onDemandOption }
        let saved = own?.perMonth.flatMap { spot in onDemand?.perMonth.map { $0 - spot } } ?? .zero
        risk = FailureRisk(
            cost: brief.job.failureCost, lateShare: forecast.map { min(1, $0.late) } ?? 0,
            lateShareOnDemand: FailureRisk.lateOnDemand(terms))
        worth = WorkWorth(
            savedPerMonth: saved, engineering: brief.job.engineeringCost ?? brief.engineeringWeek,
            engineeringIsAssumed: brief.job.engineeringCost == nil, week: brief.engineeringWeek,
            runsOnce: brief.job.runsOnce == true)
        checkpoint = terms.cheapestSpot.map { spot in
            CheckpointInterval(
                work: terms.expectedRuntime, restart: terms.restartOverhead, saveTime: brief.save.time,
                loss: terms.marketModel(of: spot.offer).loss)
        }
        sensitivity = AdviceSensitivity(
            terms, nightsToPay: brief.nightsPerMonth * (worth.runsOnce ? 1 : WorkWorth.longestPayback),
            engineering: worth.engineering, failureCost: brief.job.failureCost, seed: brief.seed)
        verdict =
            AdviceJudgement(
                brief: brief, deadline: deadline, risk: risk, worth: worth, baseline: onDemand?.perMonth,
                sensitivity: sensitivity
            ).verdict
        // For a night that even on-demand does not bring in time there is nothing to buy.
        let choice = verdict.fit == .doesNotFit ? onDemand : own
        recommended = deadline.form == .hopeless || choice?.rate == nil ? nil : choice?.option
        let plan = rows.first { $0.option == .savingsPlan }?.perMonth
        let cost = recommended.flatMap { option in rows.first { $0.option == option }?.perMonth }
        planWouldCost = plan.flatMap { plan in cost.flatMap { plan < $0 ? plan : nil } }
    }

    package var spotOption: AdviceOption { brief.spotOption }

    /// Keeping a night's checkpoints; `nil` without a size or a price.
    package var keptPerMonth: Money? {
        guard let bytes = brief.job.checkpoint.expectedBytes, let storage = brief.storage else { return nil }
        let (all, overflow) = bytes.multipliedReportingOverflow(by: Int64(brief.job.checkpoint.keep))
        return overflow ? nil : storage.perMonth(bytes: all)
    }

    package func row(_ option: AdviceOption) -> OptionRow? { options.first { $0.option == option } }

    /// The night's Spot offers as they are believed, the cheapest first.
    package var pools: [PoolDepth] {
        brief.pools.sorted { ($0.offer.rate, $0.offer.offer.name) < ($1.offer.rate, $1.offer.offer.name) }
    }
}

extension AdviceBrief {
    /// By the product of the job's own offers: another product means another migration.
    var spotOption: AdviceOption { product == .sagemaker ? .managedSpot : .ec2Spot }
    var onDemandOption: AdviceOption { product == .sagemaker ? .sagemakerOnDemand : .ec2OnDemand }
}

/// The verdict from the five filters.
struct AdviceJudgement {
    let brief: AdviceBrief
    let deadline: DeadlineShape
    let risk: FailureRisk
    let worth: WorkWorth
    /// Of a month.
    let baseline: Money?
    let sensitivity: AdviceSensitivity

    /// Spot that is not a tenth below on-demand has no discount worth a word; a night that is not a tenth cheaper either.
    static let leastGain = 0.1
    static let oldPriceDays = 183

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
        if ratio > 1 - Self.leastGain { found.insert(.noDiscount) }
        // What follows from the deadline or the price is not said twice.
        guard found.isDisjoint(with: [.hopelessDeadline, .sharpDeadline, .noDiscount]) else { return found }
        let saved = worth.savedPerMonth
        let isLittle = Double(saved.units) < Self.leastGain * Double(baseline.units)
        if isShort, isLittle || !worth.paysBack { found.insert(.shortJob) }
        if isLittle {
            if !isShort { found.insert(.thinPool) }
            return found
        }
        if let expected = risk.expected, expected.units * Int128(brief.nightsPerMonth) >= saved.units {
            found.insert(.costlyFailure)
        }
        if !worth.paysBack { found.insert(.smallBill) }
        return found
    }

    /// Each start takes so long beside the work that an interruption costs half of it.
    private var isShort: Bool {
        (brief.terms.restartOverhead + brief.terms.uploadTime) * 2 >= brief.terms.expectedRuntime
    }

    private var conditions: Set<AdviceVerdict.Condition> {
        var found: Set<AdviceVerdict.Condition> = []
        switch brief.resume.standing {
        case .never, .partly: found.insert(.runDrill)
        case .old: found.insert(.drillAgain)
        case .proven, .failed, .noCheckpoint: break
        }
        if brief.addsSpot { found.insert(.offerSpot) }
        if brief.oldestPriceDays.map({ $0 > Self.oldPriceDays }) ?? true { found.insert(.oldPrices) }
        if isShort { found.insert(.shortJob) }
        if risk.cost == nil { found.insert(.sayFailureCost) }
        if risk.added >= 0.05 { found.insert(.lateRisk) }
        if let pool = brief.pools.max(by: { $0.available < $1.available }), pool.isWeak,
            let least = sensitivity.leastAvailability, least > pool.available / 2
        {
            found.insert(.weakEvidence)
        }
        return found
    }
}
