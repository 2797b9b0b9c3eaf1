// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
import TrainingJobs

/// The sentences about prices.
package enum PricesWords {
    package static func age(_ days: Int) -> String {
        switch days {
        case ..<0: "dated ahead"
        case 0: "today"
        case 1: "1 day"
        default: "\(days) days"
        }
    }

    /// `save 54 %`, `nothing saved`, `costs 62 % more than on-demand`
    package static func saving(_ saving: PriceSaving) -> String {
        switch saving.verdict {
        case .saves: "saves \(saving.percent) %"
        case .equal: "saves nothing: equals on-demand"
        case .costsMore: "saves \(saving.percent) %: costs more than on-demand"
        }
    }

    /// For a plan, the price with its date, its age and its source; for a price that cannot be had, why, and what to do.
    package static func sentence(_ answer: PriceAnswer) -> String {
        switch answer {
        case .found(let fact, let days):
            let old =
                days > PriceUse.defaultMaximumAgeDays ? ": old, good for a plan only; \(refresh(fact.region))" : ""
            return "\(fact.name): \(MoneyText.rate(fact.rate)) as of \(fact.asOf) (\(age(days)), \(fact.source))\(old)"
        case .notFound(let query, let near):
            let others = near.prefix(3).map { "\($0.name) \(MoneyText.rate($0.rate))" }
            let known =
                others.isEmpty ? "" : "; known, but something else: " + others.joined(separator: ", ")
            return "\(name(query)): not found\(known); \(refresh(query.region))"
        case .refused(let refusal): return sentence(refusal)
        }
    }

    package static func sentence(_ refusal: PriceRefusal) -> String {
        switch refusal {
        case .otherProduct(let query):
            query.product == .ec2
                ? "\(name(query)): \(query.instanceType) is SageMaker's, and EC2's price is not its price"
                : "\(name(query)): SageMaker's types begin with ml., and EC2's price is not its price"
        case .noSpotPrice(let query):
            "\(name(query)): SageMaker has no Spot price; it bills fewer seconds at the on-demand price"
        case .zoneMissing(let query):
            "\(name(query)): which zone? Spot prices of one region differ, and an average is nobody's price"
        case .tooOld(let fact, let days, let most):
            "\(fact.name): the price is of \(fact.asOf), \(age(days)) old; a bill takes none older than \(most) days; "
                + refresh(fact.region)
        case .datedAhead(let fact):
            "\(fact.name): the price is dated \(fact.asOf), which is still to come; check the clock, or \(refresh(fact.region))"
        }
    }

    static func name(_ query: PriceQuery) -> String {
        [query.product.rawValue, query.instanceType, query.region, query.zone, query.purchase.rawValue]
            .compactMap { $0 }.joined(separator: " ")
    }

    private static func refresh(_ region: String) -> String { "run: nightshift prices refresh --region \(region)" }
}
