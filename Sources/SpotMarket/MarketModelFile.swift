// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// The models in force for a project's pools, as a file keeps them (`docs/market-model.md`). Coding is left to the
/// caller, who may do I/O.
package struct MarketModelFile: Codable, Hashable, Sendable {
    package static let format = "nightshift-market-model"
    package static let version = 1
    /// Its name in a project's state directory.
    package static let name = "market-model.json"

    package var format: String
    package var version: Int
    package var fittedAt: Instant
    package var pools: [PoolFit]

    package init(fittedAt: Instant, pools: [PoolFit]) {
        format = Self.format
        version = Self.version
        self.fittedAt = fittedAt
        self.pools = pools
    }

    /// What to believe of an offer: what its own backend's nights taught, else what traces did, else the shipped law.
    package func model(of offer: Offer) -> MarketModel {
        let exact = MarketPool(offer)
        var anywhere = exact
        anywhere.backend = nil
        let found = pools.first { $0.pool == exact } ?? pools.first { $0.pool == anywhere }
        return found?.model ?? .shipped
    }

    /// Those of a job's Spot offers that something was learned about.
    package func models(of offers: [Offer]) -> [OfferModel] {
        offers.filter { $0.purchase == .spot }.compactMap { offer in
            let model = model(of: offer)
            guard model != .shipped else { return nil }
            return OfferModel(instanceType: offer.instanceType, zone: offer.zone, model: model)
        }
    }

    /// Every problem of the file at once, each with its place.
    package var problems: [String] {
        guard format == Self.format, version == Self.version else {
            return [
                "format: expected \"\(Self.format)\" version \(Self.version), found \"\(format)\" version \(version)"
            ]
        }
        var found: [String] = []
        for (index, entry) in pools.enumerated() {
            let place = "pools[\(index)]"
            if let earlier = pools[..<index].firstIndex(where: { $0.pool == entry.pool }) {
                found.append("\(place).pool: \(entry.pool.name) is pools[\(earlier)] too; keep one of them")
            }
            if entry.nights < 0 || entry.traces < 0 { found.append("\(place).nights: counts must not be negative") }
            found += entry.loss.problems.map { "\(place).loss.\($0)" }
            found += entry.recovery.problems.map { "\(place).recovery.\($0)" }
        }
        return found
    }
}

extension HazardFit {
    fileprivate var problems: [String] {
        var found = law.problems.map { "law.\($0)" }
        if spells < 0 || ends < 0 || ends > spells { found.append("ends: must be between 0 and spells") }
        if hours < 0 || expectedEnds < 0 { found.append("hours: hours and expectedEnds must not be negative") }
        if !(factorLow > 0 && factorLow <= factorHigh) {
            found.append("factorLow: must be above 0 and not above factorHigh")
        }
        if !ages.allSatisfy({ $0.ends >= 0 && $0.hours > 0 && $0.fromHours >= 0 && $0.untilHours > $0.fromHours }) {
            found.append("ages: each needs hours above 0 between two ages")
        }
        return found
    }
}

extension HazardLaw {
    fileprivate var problems: [String] {
        var found: [String] = []
        if !(scale > 0 && scale <= 1000) { found.append("scale: must be above 0 and at most 1000 per hour") }
        if !(exponent >= 0 && exponent < 1) { found.append("exponent: must be at least 0 and below 1") }
        if !(cap > 0 && cap <= 1000) { found.append("cap: must be above 0 and at most 1000 per hour") }
        if !(factor >= 0.001 && factor <= 1000) { found.append("factor: must be between 0.001 and 1000") }
        return found
    }
}
