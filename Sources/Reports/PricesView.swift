// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
package import TrainingJobs

/// A price book as a table for a terminal.
package struct PricesView: Sendable {
    private let book: PriceBook
    private let today: LocalDate

    package init(_ book: PriceBook, today: LocalDate) {
        self.book = book
        self.today = today
    }

    package var text: String {
        guard !book.facts.isEmpty || !(book.storage ?? []).isEmpty else {
            return "not found: no price of that kind is in the book\n"
        }
        var table = TextTable([
            ("product", .left), ("type", .left), ("region", .left), ("zone", .left), ("purchase", .left),
            ("price", .right), ("as of", .left), ("age", .right), ("against on-demand", .left), ("source", .left),
        ])
        for fact in book.facts.sorted(by: { $0.order < $1.order }) {
            table.add([
                fact.product.rawValue, fact.instanceType, fact.region, fact.zone ?? fact.zoneId ?? "–",
                fact.purchase.rawValue, MoneyText.rate(fact.rate), fact.asOf.description,
                PricesWords.age(fact.ageDays(on: today)),
                fact.purchase == .onDemand
                    ? "–" : book.saving(of: fact, on: today).map(PricesWords.saving) ?? "on-demand price not found",
                fact.origin == nil ? "\(fact.source) (written by hand)" : fact.source,
            ])
        }
        var lines = table.lines
        let limit = PriceUse.defaultMaximumAgeDays
        if book.facts.contains(where: { $0.ageDays(on: today) > limit }) {
            lines += ["", "Prices older than \(limit) days are good for plans only; no bill is made with them."]
        }
        lines += (book.storage ?? []).map { fact in
            "S3 Standard \(fact.region): \(MoneyText.exact(fact.pricePerGigabyteMonth)) a GB and month as of \(fact.asOf) "
                + "(\(PricesWords.age(fact.ageDays(on: today))), \(fact.source))"
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
