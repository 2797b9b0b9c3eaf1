// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What keeping a gigabyte in S3 Standard for a month costs in one region, with day and source.
package struct StorageFact: Codable, Hashable, Sendable {
    package var region: String
    /// Of the first tier, which is the dearest. A gigabyte is 2³⁰ bytes, as S3 counts.
    package var pricePerGigabyteMonth: Money
    /// The last day on which it is known to have held, UTC.
    package var asOf: LocalDate
    package var source: String

    package init(region: String, pricePerGigabyteMonth: Money, asOf: LocalDate, source: String) {
        self.region = region
        self.pricePerGigabyteMonth = pricePerGigabyteMonth
        self.asOf = asOf
        self.source = source
    }

    /// Of a month; rounded toward zero in the finest unit.
    package func perMonth(bytes: Int64) -> Money {
        Money(units: Int128(bytes) * pricePerGigabyteMonth.units / (1 << 30))
    }

    package func ageDays(on today: LocalDate) -> Int { today.dayNumber - asOf.dayNumber }

    /// One a region: the newest, and of one day the first. `nil` for none.
    static func newest(_ facts: [StorageFact]) -> [StorageFact]? {
        var newest: [String: StorageFact] = [:]
        for fact in facts {
            if let known = newest[fact.region], known.asOf >= fact.asOf { continue }
            newest[fact.region] = fact
        }
        return newest.isEmpty ? nil : newest.values.sorted { $0.region < $1.region }
    }

    var problem: String? {
        if !(pricePerGigabyteMonth > .zero) {
            return "pricePerGigabyteMonth: must be above 0, not \(pricePerGigabyteMonth.dollars); a price that is not "
                + "known is left out"
        }
        if region.isEmpty { return "region: must not be empty" }
        if source.isEmpty { return "source: a price without one is a rumour" }
        return nil
    }
}
