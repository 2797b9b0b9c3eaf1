// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A Spot price beside the on-demand price of the same machine in the same region.
package struct PriceSaving: Hashable, Sendable {
    package enum Verdict: String, Codable, Hashable, Sendable {
        case saves
        /// To the fourth place of a dollar, as precisely as Spot prices are published: nothing is gained.
        case equal
        case costsMore = "costs-more"
    }

    package let spot: PriceFact
    package let onDemand: PriceFact

    /// `nil` unless the two are about the same machine.
    package init?(spot: PriceFact, onDemand: PriceFact) {
        guard spot.purchase == .spot, onDemand.purchase == .onDemand, spot.product == onDemand.product,
            spot.instanceType == onDemand.instanceType, spot.region == onDemand.region
        else { return nil }
        self.spot = spot
        self.onDemand = onDemand
    }

    /// Between the days of the two prices; the saving is of one day only where it is 0.
    package var daysApart: Int { abs(onDemand.asOf.dayNumber - spot.asOf.dayNumber) }

    package var verdict: Verdict {
        let difference = onDemand.rate.microdollars - spot.rate.microdollars
        return difference.magnitude < 100 ? .equal : difference > 0 ? .saves : .costsMore
    }

    /// Whole percent of the on-demand price, negative where Spot costs more; halves away from zero. Never above 99 for
    /// a price above 0, and 0 only for `equal` or less than half a percent.
    package var percent: Int {
        let full = onDemand.rate.microdollars
        let scaled = (full - spot.rate.microdollars) * 200
        let rounded = (scaled.magnitude / UInt64(full) + 1) / 2
        return min(99, scaled < 0 ? -Int(rounded) : Int(rounded))
    }
}

extension PriceBook {
    /// A Spot fact beside this book's on-demand price of the same machine; `nil` when there is none.
    package func saving(of spot: PriceFact, on today: LocalDate) -> PriceSaving? {
        facts.filter { $0.purchase == .onDemand }.compactMap { PriceSaving(spot: spot, onDemand: $0) }
            .max { $1.onDemand.isBetter(than: $0.onDemand, on: today) }
    }
}
