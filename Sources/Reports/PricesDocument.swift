// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// Prices for other programs (`docs/prices.md`).
package struct PricesDocument: Codable, Hashable, Sendable {
    package struct Price: Codable, Hashable, Sendable {
        package var product: PriceProduct
        package var instanceType: String
        package var region: String
        package var zone: String?
        package var zoneId: String?
        package var purchase: PurchaseOption
        package var pricePerHour: Money
        package var asOf: LocalDate
        package var ageDays: Int
        package var goodForBills: Bool
        package var source: String
        /// Absent where there is no on-demand price to compare with. Negative where Spot costs more.
        package var savingPercent: Int?
        package var saving: PriceSaving.Verdict?
        /// Between the days of the two prices of a saving.
        package var savingDaysApart: Int?
        /// Written into the book by hand; no list replaces it.
        package var byHand: Bool
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var maximumAgeDaysForBills = PriceUse.defaultMaximumAgeDays
    package var prices: [Price]
    /// Of S3 Standard, as the book has them.
    package var storage: [StorageFact]

    package init(_ book: PriceBook, today: LocalDate) {
        storage = book.storage ?? []
        prices = book.facts.sorted { $0.order < $1.order }.map { fact in
            let saving = book.saving(of: fact, on: today)
            let age = fact.ageDays(on: today)
            return Price(
                product: fact.product, instanceType: fact.instanceType, region: fact.region, zone: fact.zone,
                zoneId: fact.zoneId, purchase: fact.purchase, pricePerHour: fact.pricePerHour, asOf: fact.asOf,
                ageDays: age, goodForBills: (0...PriceUse.defaultMaximumAgeDays).contains(age), source: fact.source,
                savingPercent: saving?.percent, saving: saving?.verdict, savingDaysApart: saving?.daysApart,
                byHand: fact.origin == nil)
        }
    }
}
