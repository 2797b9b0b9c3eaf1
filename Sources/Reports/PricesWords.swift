// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

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
        let words =
            switch saving.verdict {
            case .saves: "saves \(saving.percent) %"
            case .equal: "saves nothing: equals on-demand"
            case .costsMore: "saves \(saving.percent) %: costs more than on-demand"
            }
        return saving.daysApart == 0 ? words : "\(words); prices \(age(saving.daysApart)) apart"
    }

    /// For a plan, the price with its date, its age and its source; for a price that cannot be had, why, and what to do.
    package static func sentence(_ answer: PriceAnswer) -> String {
        switch answer {
        case .found(let fact, let days):
            let old =
                days > PriceUse.defaultMaximumAgeDays
                ? ": old, good for a plan only" + (fact.origin == nil ? "" : "; \(refresh(fact.region))") : ""
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
            "\(fact.name): the price is of \(fact.asOf), \(age(days)) old; a bill takes none older than \(most) days"
                + (fact.origin == nil
                    ? ": it was written by hand: write into \(PriceBook.name) until when it holds, or remove it"
                    : "; \(refresh(fact.region))")
        case .datedAhead(let fact):
            "\(fact.name): the price is dated \(fact.asOf), which is still to come; check the clock, or \(refresh(fact.region))"
        }
    }

    /// Words that were typed and that the book has nothing of.
    package static func unknown(_ option: String, _ typed: [String], among known: [String]) -> [String] {
        typed.filter { !known.contains($0) }.map { word in
            let near = NearestName.of(word, in: known).map { "; did you mean \($0)?" } ?? ""
            return "\(option): no price of \"\(word)\" is in the book\(near)"
        }
    }

    /// Prices that were written by hand and so stay in the place of what a list says now.
    package static func kept(in book: PriceBook, against list: PriceBook) -> [String] {
        book.facts.filter { $0.origin == nil }.flatMap { own in
            list.facts.filter { $0.isAbout(own) }.map { listed in
                "\(own.name): stays \(MoneyText.rate(own.rate)) as written by hand (\(own.source)), not "
                    + "\(MoneyText.rate(listed.rate)) of the list; to have the list's, remove it from \(PriceBook.name)"
            }
        }
    }

    /// What a price that was found rests on, with its age as soon as bills would refuse it: `AWS Price List API,
    /// 2026-09-01 (84 days old, good for a plan only)`
    package static func provenance(_ priced: PricedOffer, on today: LocalDate) -> String {
        provenance(priced.priceSource, asOf: priced.priceAsOf, on: today)
    }

    /// The same of a price's source and date.
    package static func provenance(_ source: String, asOf: String, on today: LocalDate) -> String {
        let dated = "\(source), \(asOf)"
        guard let days = LocalDate(asOf).map({ today.dayNumber - $0.dayNumber }) else {
            return dated + " (no date: its age is not known)"
        }
        if days < 0 { return dated + " (dated ahead)" }
        return days > PriceUse.defaultMaximumAgeDays ? dated + " (\(age(days)) old, good for a plan only)" : dated
    }

    /// Why a price is not there and how to get it.
    package static func sentence(_ missing: MissingPrice) -> String {
        switch missing {
        case .inBook(let answer): sentence(answer)
        case .inMarket(let offer): "\(offer.name): not found: the market file does not list it; add it there"
        }
    }

    static func name(_ query: PriceQuery) -> String {
        [query.product.rawValue, query.instanceType, query.region, query.zone, query.purchase.rawValue]
            .compactMap { $0 }.joined(separator: " ")
    }

    private static func refresh(_ region: String) -> String { "run: nightshift prices refresh --region \(region)" }
}
