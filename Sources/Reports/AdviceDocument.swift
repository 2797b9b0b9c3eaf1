// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
import SpotMarket
package import TrainingJobs

/// `advise --json` on one job.
package struct AdviceDocument: Codable, Hashable, Sendable {
    package struct Named: Codable, Hashable, Sendable {
        package var name: String
        package var words: String
    }

    package struct Reason: Codable, Hashable, Sendable {
        package var code: String
        package var words: String
    }

    package struct Option: Codable, Hashable, Sendable {
        package var option: AdviceOption
        package var product: AdviceOption.Product
        package var restarts: AdviceOption.Keeper
        package var savesCheckpoints: AdviceOption.Keeper
        package var hasFreeFirstHour: Bool
        package var hasOwnFallback: Bool
        /// Dollars; absent when the price was not found.
        package var perHour: Money?
        package var discount: Double?
        package var meanCost: Money?
        package var p10Cost: Money?
        package var p50Cost: Money?
        package var p90Cost: Money?
        package var perMonth: Money?
        package var onTime: Double?
        package var onTimeLow: Double?
        package var onTimeHigh: Double?
        package var onTimeOnSpotAlone: Double?
        package var meanInterruptions: Double?
        /// What its money rests on.
        package var prices: [Price]
        /// What was not found, in sentences.
        package var missing: [String]

        init(_ row: OptionRow, on today: LocalDate) {
            option = row.option
            product = row.product
            prices = row.prices.map { Price($0, on: today) }
            missing = row.missing.map(PricesWords.sentence)
            restarts = row.option.restarts
            savesCheckpoints = row.option.savesCheckpoints
            hasFreeFirstHour = row.option.hasFreeFirstHour
            hasOwnFallback = row.option.hasOwnFallback
            perHour = row.rate.map { Money(microdollars: $0.microdollars) }
            discount = row.discount
            meanCost = row.nights?.mean
            p10Cost = row.nights?.p10
            p50Cost = row.nights?.p50
            p90Cost = row.nights?.p90
            perMonth = row.perMonth
            onTime = row.odds?.onTime
            onTimeLow = row.odds?.onTimeLow
            onTimeHigh = row.odds?.onTimeHigh
            onTimeOnSpotAlone = row.odds?.onTimeAlone
            meanInterruptions = row.odds?.interruptions
        }
    }

    package struct Price: Codable, Hashable, Sendable {
        package var instanceType: String
        package var region: String
        package var zone: String
        package var purchase: PurchaseOption
        package var perHour: Money
        package var asOf: String
        /// Absent where the day is not known.
        package var ageDays: Int?
        package var source: String
        /// Of the local platform's market file.
        package var isSimulated: Bool

        init(_ priced: PricedOffer, on today: LocalDate) {
            instanceType = priced.offer.instanceType
            region = priced.offer.region
            zone = priced.offer.zone
            purchase = priced.offer.purchase
            perHour = Money(microdollars: priced.rate.microdollars)
            asOf = priced.priceAsOf
            ageDays = LocalDate(priced.priceAsOf).map { today.dayNumber - $0.dayNumber }
            source = priced.priceSource
            isSimulated = priced.offer.isSimulated
        }
    }

    package struct Pool: Codable, Hashable, Sendable {
        package var instanceType: String
        package var zone: String
        package var available: Double
        package var uninterruptedFourHours: Double
        package var meanSpellHours: Double
        package var ownShare: Double
        package var evidence: String

        init(_ pool: PoolDepth) {
            instanceType = pool.offer.offer.instanceType
            zone = pool.offer.offer.zone
            available = pool.available
            uninterruptedFourHours = pool.uninterrupted(hours: 4)
            meanSpellHours = pool.meanSpellHours
            ownShare = pool.ownShare
            evidence = AdviceWords.evidence(pool)
        }
    }

    package struct Checkpoint: Codable, Hashable, Sendable {
        package var bestIntervalSeconds: Double
        package var youngSeconds: Double
        package var dalySeconds: Double
        package var saveSeconds: Double
        package var meanSecondsBetweenLosses: Double
        package var saveSource: String
        package var intervals: [Interval]
        /// A last save at a notice is expected, or was seen, to fit.
        package var lastSaveFits: Bool
        package var keptPerMonth: Money?
    }

    package struct Interval: Codable, Hashable, Sendable {
        package var seconds: Double
        /// On the cheapest Spot, for the whole work.
        package var cost: Money
    }

    package struct Deadline: Codable, Hashable, Sendable {
        package var form: DeadlineShape.Form
        package var windowSeconds: Double
        package var slackSeconds: Double
        package var roomForSpotSeconds: Double
    }

    package struct Risk: Codable, Hashable, Sendable {
        package var failureCost: Money?
        package var lateShare: Double
        package var lateShareOnDemand: Double
        /// A night, for the nights that Spot adds; negative where there are fewer.
        package var expected: Money?
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var job: String
    package var file: String
    package var verdict: AdviceVerdict.Fit
    package var headline: String
    package var obstacles: [Reason]
    package var conditions: [Reason]
    package var filters: [Named]
    package var recommended: AdviceOption?
    package var recommendation: String
    package var deadline: Instant
    package var latestSafeSwitch: Instant
    package var deadlineShape: Deadline
    package var risk: Risk
    package var nights: Int
    package var options: [Option]
    package var pools: [Pool]
    package var checkpoint: Checkpoint?
    package var savedPerMonth: Money
    package var engineeringCost: Money
    package var savedPerMonthPerWeek: Money
    package var paybackMonths: Double?
    package var paysNow: Bool
    package var planWouldCost: Money?
    package var greatestFailureCost: Money?
    package var leastAvailability: Double?
    package var greatestSpotRatio: Double?
    package var leastWindowSeconds: Double?
    package var prices: String
    package var notConsidered: [String]
    package var notModelled: [String]

    package init(_ advice: Advice) {
        let words = AdviceWords(advice)
        job = advice.brief.job.name
        file = advice.brief.file
        verdict = advice.verdict.fit
        headline = words.headline
        obstacles = advice.verdict.obstacles.map { Reason(code: $0.rawValue, words: words.sentence($0)) }
        conditions = advice.verdict.conditions.map { Reason(code: $0.rawValue, words: words.sentence($0)) }
        filters = words.filters.map { Named(name: $0.name, words: $0.words) }
        recommended = advice.recommended
        recommendation = words.recommendation
        deadline = advice.brief.terms.deadline
        latestSafeSwitch = advice.deadline.latestSafeSwitch
        let shape = advice.deadline
        deadlineShape = Deadline(
            form: shape.form, windowSeconds: shape.window.realSeconds, slackSeconds: shape.slack.realSeconds,
            roomForSpotSeconds: shape.roomForSpot.realSeconds)
        risk = Risk(
            failureCost: advice.risk.cost, lateShare: advice.risk.lateShare,
            lateShareOnDemand: advice.risk.lateShareOnDemand, expected: advice.risk.expected)
        nights = advice.brief.nights
        options = advice.options.map { Option($0, on: advice.brief.today) }
        pools = advice.pools.map(Pool.init)
        checkpoint = advice.checkpoint.map { Checkpoint($0, advice) }
        savedPerMonth = advice.worth.savedPerMonth
        engineeringCost = advice.worth.engineering
        savedPerMonthPerWeek = advice.worth.savedPerWeek
        paybackMonths = advice.worth.paybackMonths
        paysNow = advice.sensitivity.paysNow
        planWouldCost = advice.planWouldCost
        greatestFailureCost = advice.sensitivity.greatestFailureCost
        leastAvailability = advice.sensitivity.leastAvailability
        greatestSpotRatio = advice.sensitivity.greatestRatio
        leastWindowSeconds = advice.sensitivity.leastWindow?.realSeconds
        prices = words.prices
        notConsidered = AdviceWords.notConsidered
        notModelled = AdviceWords.notModelled
    }
}

extension AdviceDocument.Checkpoint {
    fileprivate init(_ model: CheckpointInterval, _ advice: Advice) {
        let rate = advice.brief.terms.cheapestSpot?.rate
        let intervals = Set(
            [model.best.interval, advice.brief.job.checkpoint.interval] + [10, 30, 60].map(Duration.minutes))
        self.init(
            bestIntervalSeconds: model.best.interval.realSeconds, youngSeconds: model.young.realSeconds,
            dalySeconds: model.daly.realSeconds, saveSeconds: model.saveTime.realSeconds,
            meanSecondsBetweenLosses: model.meanTimeBetweenLosses.realSeconds,
            saveSource: AdviceWords.source(advice.brief.save),
            intervals: rate.map { rate in
                intervals.sorted().map {
                    AdviceDocument.Interval(seconds: $0.realSeconds, cost: rate.cost(of: model.choice($0).paid))
                }
            } ?? [],
            lastSaveFits: advice.brief.lastSave.map { $0 <= .minutes(2) } ?? advice.brief.save.fitsIntoNotice,
            keptPerMonth: advice.keptPerMonth)
    }
}
