// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import TrainingJobs

/// The options side by side. What has no price has a row too.
struct OptionTable {
    let rows: [OptionRow]
    /// Of the job's own product.
    let forecast: NightForecast?

    init(_ brief: AdviceBrief) {
        let own = Played(brief, brief.product)
        let other = Played(brief, brief.product == .sagemaker ? .ec2 : .sagemaker)
        forecast = own.forecast
        let nights = brief.nightsPerMonth
        rows = AdviceOption.allCases.compactMap { option in
            // A job of SageMaker's types has its on-demand row already.
            if option == .ec2OnDemand, brief.product == .sagemaker { return nil }
            let played = [own, other].first { $0.product == option.product }
            guard let played, let onDemand = played.terms?.onDemand else { return OptionRow(option: option) }
            switch option {
            case .sagemakerOnDemand, .ec2OnDemand: return Self.onDemand(option, played, onDemand, nights)
            case .savingsPlan: return Self.savingsPlan(option, played, onDemand)
            default: return Self.spot(option, played, onDemand, nights)
            }
        }
    }

    /// Nights of one product.
    private struct Played {
        let product: AdviceOption.Product
        let terms: NightTerms?
        let forecast: NightForecast?

        init(_ brief: AdviceBrief, _ product: AdviceOption.Product) {
            self.product = product
            terms = brief.terms(of: product)
            forecast = terms.flatMap { NightForecast(of: $0, nights: brief.nights, seed: brief.seed) }
        }
    }

    /// Late in the play, or because on-demand took longer than it promises.
    static func lateShare(_ forecast: NightForecast) -> Double {
        min(1, 1 - forecast.onTime + FailureRisk.longerWaits * forecast.fallback)
    }

    private static func onDemand(
        _ option: AdviceOption, _ played: Played, _ priced: PricedOffer, _ nights: Int
    ) -> OptionRow {
        var row = OptionRow(option: option, rate: priced.rate)
        guard let terms = played.terms, let cost = terms.baseline else { return row }
        row.nights = OptionRow.Nights(mean: cost, p10: cost, p50: cost, p90: cost)
        row.perMonth = Money(units: cost.units * Int128(nights))
        // A wait of twice the promise still fits into the slack, or it does not.
        let slack = terms.latestSafeSwitch - terms.start
        let onTime = slack < .zero ? 0 : slack >= terms.onDemandWait ? 1 : 1 - FailureRisk.longerWaits
        row.odds = OptionRow.Odds(
            onTime: onTime, onTimeLow: onTime, onTimeHigh: onTime, onTimeAlone: nil, interruptions: 0)
        return row
    }

    private static func savingsPlan(_ option: AdviceOption, _ played: Played, _ priced: PricedOffer) -> OptionRow {
        let committed = Double(priced.rate.microdollars) * (1 - SavingsPlanAlone.largestDiscount)
        var row = OptionRow(
            option: option, rate: HourlyRate(microdollars: Int64(committed.rounded())),
            discount: SavingsPlanAlone.largestDiscount)
        row.perMonth = SavingsPlanAlone.perMonth(onDemand: priced.rate)
        row.odds = onDemand(option, played, priced, 1).odds
        return row
    }

    private static func spot(
        _ option: AdviceOption, _ played: Played, _ onDemand: PricedOffer, _ nights: Int
    ) -> OptionRow {
        guard let spot = played.terms?.cheapestSpot, let forecast = played.forecast else {
            return OptionRow(option: option)
        }
        var row = OptionRow(option: option, rate: spot.rate)
        row.discount = 1 - Double(spot.rate.microdollars) / Double(onDemand.rate.microdollars)
        let costs = forecast.samples.map { option.hasFreeFirstHour ? $0.cost - $0.youngSpot : $0.cost }.sorted()
        func rank(_ percent: Int) -> Money { costs[(costs.count * percent + 99) / 100 - 1] }
        let total = costs.reduce(.zero, +)
        row.nights = OptionRow.Nights(
            mean: Money(units: total.units / Int128(costs.count)), p10: rank(10), p50: rank(50), p90: rank(90))
        row.perMonth = Money(units: total.units * Int128(nights) / Int128(costs.count))
        let interval = WilsonInterval(forecast.samples.count(where: \.isOnTime), of: costs.count)
        let longer = FailureRisk.longerWaits * forecast.fallback
        row.odds = OptionRow.Odds(
            onTime: 1 - lateShare(forecast), onTimeLow: max(0, interval.low - longer),
            onTimeHigh: max(0, interval.high - longer), onTimeAlone: forecast.onTimeOnSpotAlone,
            interruptions: forecast.meanInterruptions)
        return row
    }
}
