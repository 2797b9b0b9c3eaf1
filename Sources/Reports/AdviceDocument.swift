// SPDX-License-Identifier: Apache-2.0

package import SpotAdvisor
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

        init(_ row: OptionRow) {
            option = row.option
            product = row.option.product
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
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var job: String
    package var verdict: AdviceVerdict.Fit
    package var headline: String
    package var obstacles: [Reason]
    package var conditions: [Reason]
    package var filters: [Named]
    package var recommended: AdviceOption?
    package var recommendation: String
    package var deadline: Instant
    package var latestSafeSwitch: Instant
    package var nights: Int
    package var options: [Option]
    package var pools: [Pool]
    package var checkpoint: Checkpoint?
    package var savedPerMonth: Money
    package var engineeringCost: Money
    package var savedPerMonthPerWeek: Money
    package var leastAvailability: Double?
    package var greatestSpotRatio: Double?
    package var leastWindowSeconds: Double?
    package var prices: String
    package var notConsidered: [String]
    package var notModelled: [String]

    package init(_ advice: Advice) {
        let words = AdviceWords(advice)
        job = advice.brief.job.name
        verdict = advice.verdict.fit
        headline = words.headline
        obstacles = advice.verdict.obstacles.map { Reason(code: $0.rawValue, words: words.sentence($0)) }
        conditions = advice.verdict.conditions.map { Reason(code: $0.rawValue, words: words.sentence($0)) }
        filters = words.filters.map { Named(name: $0.name, words: $0.words) }
        recommended = advice.recommended
        recommendation = words.recommendation
        deadline = advice.brief.terms.deadline
        latestSafeSwitch = advice.deadline.latestSafeSwitch
        nights = advice.brief.nights
        options = advice.options.map(Option.init)
        pools = advice.pools.map(Pool.init)
        checkpoint = advice.checkpoint.map { model in
            Checkpoint(
                bestIntervalSeconds: model.best.interval.realSeconds, youngSeconds: model.young.realSeconds,
                dalySeconds: model.daly.realSeconds, saveSeconds: model.saveTime.realSeconds,
                meanSecondsBetweenLosses: model.meanTimeBetweenLosses.realSeconds)
        }
        savedPerMonth = advice.worth.savedPerMonth
        engineeringCost = advice.worth.engineering
        savedPerMonthPerWeek = advice.worth.savedPerWeek
        leastAvailability = advice.sensitivity.leastAvailability
        greatestSpotRatio = advice.sensitivity.greatestRatio
        leastWindowSeconds = advice.sensitivity.leastWindow?.realSeconds
        prices = words.prices
        notConsidered = AdviceWords.notConsidered
        notModelled = AdviceWords.notModelled
    }
}

/// `advise --json` on many jobs, the most worthwhile first.
package struct PortfolioDocument: Codable, Hashable, Sendable {
    package var schemaVersion = NightJSON.schemaVersion
    package var savedPerMonth: Money
    package var baselinePerMonth: Money
    /// Jobs without a price; they are in neither sum.
    package var unpriced: [String]
    package var jobs: [AdviceDocument]

    package init(_ portfolio: AdvicePortfolio) {
        savedPerMonth = portfolio.savedPerMonth
        baselinePerMonth = portfolio.baselinePerMonth
        unpriced = portfolio.unpriced
        jobs = portfolio.ranked.map(AdviceDocument.init)
    }
}
