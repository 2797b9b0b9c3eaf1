// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Dated prices, and the only way to look one up (`docs/prices.md`). Coding is left to the caller, who may do I/O.
package struct PriceBook: Codable, Hashable, Sendable {
    package static let format = "nightshift-price-book"
    package static let version = 1
    /// Its name in a project's state directory.
    package static let name = "price-book.json"

    package var format: String
    package var version: Int
    /// In no order that matters.
    package var facts: [PriceFact]
    /// What keeping bytes costs; `nil` as none.
    package var storage: [StorageFact]?

    package init(_ facts: [PriceFact], storage: [StorageFact]? = nil) {
        format = Self.format
        version = Self.version
        self.facts = facts
        self.storage = storage
    }

    /// Both books' facts; of two about the same thing the better one (`PriceFact.isBetter`), and this book's when they
    /// are equally good.
    package func merged(with other: PriceBook, on today: LocalDate) -> PriceBook {
        var kept: [PriceFact.Subject: [PriceFact]] = [:]
        let all = facts + other.facts
        // Those first that have a zone's name and its id: they join the facts that have only one of them.
        for fact in all.filter(\.namesZoneTwice) + all.filter({ !$0.namesZoneTwice }) {
            let same = kept[fact.subject]?.firstIndex { $0.isOfSameZone(as: fact) }
            guard let same, let known = kept[fact.subject]?[same] else {
                kept[fact.subject, default: []].append(fact)
                continue
            }
            let loser: PriceFact
            var winner: PriceFact
            (winner, loser) = fact.isBetter(than: known, on: today) ? (fact, known) : (known, fact)
            winner.zone = winner.zone ?? loser.zone
            winner.zoneId = winner.zoneId ?? loser.zoneId
            kept[fact.subject]?[same] = winner
        }
        return PriceBook(
            kept.values.flatMap { $0 }.sorted { $0.order < $1.order },
            storage: StorageFact.newest((storage ?? []) + (other.storage ?? [])))
    }

    /// Every problem of a book at once, each with its place.
    package var problems: [String] {
        guard format == Self.format, version == Self.version else {
            return [
                "format: expected \"\(Self.format)\" version \(Self.version), found \"\(format)\" version \(version)"
            ]
        }
        var seen: [PriceFact.Subject: [Int]] = [:]
        var found: [String] = []
        for (index, fact) in facts.enumerated() {
            if let problem = fact.problem { found.append("facts[\(index)].\(problem)") }
            if let earlier = seen[fact.subject]?.first(where: { facts[$0].isOfSameZone(as: fact) }) {
                found.append("facts[\(index)]: \(fact.name) is facts[\(earlier)] too; keep one of them")
            } else {
                seen[fact.subject, default: []].append(index)
            }
        }
        for (index, fact) in (storage ?? []).enumerated() {
            if let problem = fact.problem { found.append("storage[\(index)].\(problem)") }
        }
        return found
    }

    /// What is known of keeping bytes in a region; a price that is dated ahead is none.
    package func storagePrice(in region: String, on today: LocalDate) -> StorageFact? {
        (storage ?? []).filter { $0.region == region && $0.asOf <= today }.max { $0.asOf < $1.asOf }
    }

    /// The price of exactly this, or why there is none. Nothing is inferred: no other product, region or zone stands in,
    /// and no average.
    package func answer(_ query: PriceQuery, for use: PriceUse, on today: LocalDate) -> PriceAnswer {
        if !query.product.sells(query.instanceType) { return .refused(.otherProduct(query)) }
        if query.purchase == .spot, query.product != .ec2 { return .refused(.noSpotPrice(query)) }
        if query.purchase == .spot, query.zone == nil { return .refused(.zoneMissing(query)) }
        let matching = facts.filter(query.matches).max { $1.isBetter(than: $0, on: today) }
        guard let fact = matching else { return .notFound(query, nearest(to: query)) }
        let age = fact.ageDays(on: today)
        if age < 0 { return .refused(.datedAhead(fact)) }
        switch use {
        case .bill(let maximumAgeDays) where age > maximumAgeDays:
            return .refused(.tooOld(fact, ageDays: age, maximumAgeDays: maximumAgeDays))
        case .bill, .plan: return .found(fact, ageDays: age)
        }
    }

    /// What the book has of the same machine under another name: to be told, never to be used.
    private func nearest(to query: PriceQuery) -> [PriceFact] {
        func bare(_ type: String) -> String { type.hasPrefix("ml.") ? String(type.dropFirst(3)) : type }
        return facts.filter { bare($0.instanceType) == bare(query.instanceType) }
            .sorted { ($0.region == query.region ? 0 : 1, $0.order) < ($1.region == query.region ? 0 : 1, $1.order) }
    }
}

/// What is asked for. A Spot price needs the zone, by its name or by its id.
package struct PriceQuery: Hashable, Sendable {
    package var product: PriceProduct
    package var instanceType: String
    package var region: String
    package var zone: String?
    package var purchase: PurchaseOption

    package init(
        product: PriceProduct, instanceType: String, region: String, zone: String? = nil, purchase: PurchaseOption
    ) {
        self.product = product
        self.instanceType = instanceType
        self.region = region
        self.zone = zone
        self.purchase = purchase
    }

    /// An on-demand price holds in every zone of its region.
    func matches(_ fact: PriceFact) -> Bool {
        fact.product == product && fact.instanceType == instanceType && fact.region == region
            && fact.purchase == purchase
            && (purchase == .onDemand || (zone != nil && (fact.zone == zone || fact.zoneId == zone)))
    }
}

/// What a price is wanted for.
package enum PriceUse: Hashable, Sendable {
    /// A sum that somebody accounts with. An older price is refused.
    case bill(maximumAgeDays: Int)
    /// A forecast: any age will do, as long as it is said.
    case plan

    /// 45 days: a month's bill is written within the month after it.
    package static let defaultMaximumAgeDays = 45
}

package enum PriceAnswer: Hashable, Sendable {
    case found(PriceFact, ageDays: Int)
    /// With what the book has of the same machine elsewhere, nearest first.
    case notFound(PriceQuery, [PriceFact])
    case refused(PriceRefusal)

    package var fact: PriceFact? {
        if case .found(let fact, _) = self { fact } else { nil }
    }
}

/// Why a question has no answer that could be used.
package enum PriceRefusal: Hashable, Sendable {
    /// `ml.*` asked of EC2, or EC2's type of SageMaker.
    case otherProduct(PriceQuery)
    /// SageMaker bills managed Spot as fewer seconds at the on-demand price.
    case noSpotPrice(PriceQuery)
    case zoneMissing(PriceQuery)
    case tooOld(PriceFact, ageDays: Int, maximumAgeDays: Int)
    case datedAhead(PriceFact)
}

extension PriceFact {
    struct Subject: Hashable {
        var product: PriceProduct
        var instanceType: String
        var region: String
        var purchase: PurchaseOption
    }

    /// What it is about, but for the zone.
    var subject: Subject {
        Subject(product: product, instanceType: instanceType, region: region, purchase: purchase)
    }

    /// Whether both are about one thing, whatever they say of it.
    package func isAbout(_ other: PriceFact) -> Bool { subject == other.subject && isOfSameZone(as: other) }

    var namesZoneTwice: Bool { zone != nil && zoneId != nil }

    /// Zone ids are the same for everyone, so they tell zones apart where both are known; else the names do. An id and a
    /// name by themselves may or may not be one zone's, and are kept apart.
    func isOfSameZone(as other: PriceFact) -> Bool {
        if let zoneId, let otherId = other.zoneId { return zoneId == otherId }
        if let zone, let otherZone = other.zone { return zone == otherZone }
        return zone == nil && zoneId == nil && other.zone == nil && other.zoneId == nil
    }

    /// Of two facts about one thing, which is in force: one that is not dated ahead, then one that was written by hand,
    /// then the newer one.
    func isBetter(than other: PriceFact, on today: LocalDate) -> Bool {
        if (asOf > today) != (other.asOf > today) { return other.asOf > today }
        if (origin == nil) != (other.origin == nil) { return origin == nil }
        return asOf > other.asOf
    }

    /// For tables: by product, type, region, zone, then purchase.
    package var order: String {
        [product.rawValue, instanceType, region, purchase.rawValue, zone ?? zoneId ?? ""].joined(separator: "\u{1}")
    }
}
