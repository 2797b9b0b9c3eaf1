// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import SpotMarket
import TrainingJobs

/// The options side by side. What has no price has a row too.
struct OptionTable {
    let rows: [OptionRow]
    /// Of the job's own product.
    let forecast: NightForecast?

    init(_ brief: AdviceBrief) {
        let purchases = [.sagemaker, .ec2, .hyperPod].map { Purchase(brief, $0) }
        forecast = purchases.first { $0.product == brief.product }?.forecast
        rows = AdviceOption.allCases.compactMap { option in
            // A job of SageMaker's types has its on-demand row already.
            if option == .ec2OnDemand, brief.product == .sagemaker { return nil }
            guard let purchase = purchases.first(where: { $0.product == option.product(of: brief.product) }) else {
                return nil
            }
            switch option {
            // Nodes that exist for the night: HyperPod's Spot has no price of its own that is published.
            case .sagemakerOnDemand, .ec2OnDemand, .hyperPod: return purchase.onDemand(option)
            case .savingsPlan: return purchase.savingsPlan(brief.job)
            case .managedSpot, .ec2Spot, .batchSpot: return purchase.spot(option)
            }
        }
    }
}

/// The job's nights bought from one product.
private struct Purchase {
    let product: AdviceOption.Product
    private let terms: NightTerms?
    let forecast: NightForecast?
    /// Of a night as long as most are: a night with a clock change is not a month.
    private let ordinary: NightForecast?
    private let missing: [MissingPrice]
    private let nights: Int

    init(_ brief: AdviceBrief, _ product: AdviceOption.Product) {
        self.product = product
        terms = brief.terms(of: product)
        missing = brief.missing(of: product)
        nights = brief.nightsPerMonth
        let forecast = terms.flatMap { NightForecast(of: $0, nights: brief.nights, seed: brief.seed) }
        self.forecast = forecast
        let window = brief.ordinaryWindow
        ordinary =
            brief.terms.deadline - brief.terms.start == window
            ? forecast
            : terms.flatMap { NightForecast(of: $0.withWindow(window), nights: brief.nights, seed: brief.seed) }
    }

    private func row(_ option: AdviceOption, needs purchases: [PurchaseOption]) -> OptionRow {
        var row = OptionRow(option: option, product: product)
        row.missing = missing.filter { $0.purchase.map(purchases.contains) ?? true }
        return row
    }

    func onDemand(_ option: AdviceOption) -> OptionRow {
        var row = row(option, needs: [.onDemand])
        guard let terms, let priced = terms.onDemand, let cost = terms.baseline else { return row }
        row.prices = [priced]
        row.rate = priced.rate
        row.nights = OptionRow.Nights(mean: cost, p10: cost, p50: cost, p90: cost)
        row.perMonth = Money(units: cost.units * Int128(nights))
        row.odds = odds(terms)
        return row
    }

    private func odds(_ terms: NightTerms) -> OptionRow.Odds {
        let onTime = 1 - FailureRisk.lateOnDemand(terms)
        return OptionRow.Odds(
            onTime: onTime, onTimeLow: onTime, onTimeHigh: onTime, onTimeAlone: nil, interruptions: 0)
    }

    /// Of this job alone, at the largest discount that is published: the case that speaks most for a plan.
    func savingsPlan(_ job: TrainingJob) -> OptionRow {
        var row = row(.savingsPlan, needs: [.onDemand])
        guard let terms, let priced = terms.onDemand,
            let kind = SavingsPlanKind.covering(instanceType: priced.offer.instanceType).first
        else { return row }
        let plan = SavingsPlanOption.jobAlone(
            SavingsPlanJob(
                instanceType: priced.offer.instanceType, onDemandRate: priced.rate,
                start: .minutes(job.schedule.startMinutes), deadline: .minutes(job.schedule.deadlineMinutes),
                runtime: terms.restartOverhead + terms.expectedRuntime + terms.uploadTime, spot: nil),
            at: kind.mostPublished)
        row.prices = [priced]
        row.rate = plan.commitment.rate
        row.discount = plan.discount.share
        let night = Money(units: plan.total.units / Int128(nights))
        row.nights = OptionRow.Nights(mean: night, p10: night, p50: night, p90: night)
        row.perMonth = plan.total
        row.odds = odds(terms)
        return row
    }

    /// A Spot price alone gives no night: without on-demand behind it nothing is promised.
    func spot(_ option: AdviceOption) -> OptionRow {
        var row = row(option, needs: [.spot, .onDemand])
        guard let terms, let spot = terms.cheapestSpot else { return row }
        row.prices = [spot]
        row.rate = spot.rate
        guard let onDemand = terms.onDemand, let forecast else { return row }
        row.prices = [spot] + terms.offers.filter { $0.offer.purchase == .spot && $0 != spot } + [onDemand]
        row.discount = 1 - Double(spot.rate.microdollars) / Double(onDemand.rate.microdollars)
        func costs(_ forecast: NightForecast) -> [Money] {
            forecast.samples.map { option.hasFreeFirstHour ? $0.cost - $0.youngSpot : $0.cost }.sorted()
        }
        let tonight = costs(forecast)
        func rank(_ percent: Int) -> Money { tonight[(tonight.count * percent + 99) / 100 - 1] }
        let mean = Money(units: tonight.reduce(.zero, +).units / Int128(tonight.count))
        row.nights = OptionRow.Nights(mean: mean, p10: rank(10), p50: rank(50), p90: rank(90))
        let most = costs(ordinary ?? forecast)
        row.perMonth = Money(units: most.reduce(.zero, +).units * Int128(nights) / Int128(most.count))
        let interval = WilsonInterval(forecast.samples.count(where: \.isOnTime), of: tonight.count)
        let longer = forecast.late - (1 - forecast.onTime)
        row.odds = OptionRow.Odds(
            onTime: max(0, 1 - forecast.late), onTimeLow: max(0, interval.low - longer),
            onTimeHigh: max(0, interval.high - longer), onTimeAlone: forecast.onTimeOnSpotAlone,
            interruptions: forecast.meanInterruptions)
        return row
    }
}

extension MissingPrice {
    /// `nil` for a refusal that is about neither.
    fileprivate var purchase: PurchaseOption? {
        switch self {
        case .inMarket(let offer): offer.purchase
        case .inBook(.notFound(let query, _)): query.purchase
        case .inBook(.refused(.noSpotPrice)), .inBook(.refused(.zoneMissing)): .spot
        case .inBook(.refused(.tooOld(let fact, _, _))), .inBook(.refused(.datedAhead(let fact))): fact.purchase
        case .inBook(.refused(.otherProduct(let query))): query.purchase
        case .inBook(.found): nil
        }
    }
}
