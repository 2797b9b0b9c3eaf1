// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A ledger as rows of FOCUS 1.2, in CSV: one row for each stretch of each launch that was paid for one thing.
///
/// `BilledCost` sums to the ledger to the micro-dollar; `ListCost` is `ListUnitPrice` × `PricingQuantity` exactly.
package struct FocusExport: Sendable {
    private let ledger: Ledger
    private let account: String?
    private let tags: [(key: String, value: String)]
    private let nights: [LedgerNight]

    /// Of the account that pays when nobody says which: the column must not be empty.
    package static let unknownAccount = "unknown"

    /// `account` is the cloud's, for `BillingAccountId` and ARNs; `tags` go on each row beside ours. Rehearsals are
    /// billed by nobody, so they are rows only on request.
    package init(
        _ ledger: Ledger, account: String? = nil, tags: [(key: String, value: String)] = [],
        withRehearsals: Bool = false
    ) {
        self.ledger = ledger
        self.account = account
        self.tags = tags
        nights = ledger.nights + (withRehearsals ? ledger.rehearsals : [])
    }

    package var csv: String {
        let columns = columns
        let head = columns.map(\.name).joined(separator: ",")
        let lines = nights.flatMap(FocusRow.rows).map { row in
            columns.map { FocusCSV.cell($0.value(row)) }.joined(separator: ",")
        }
        return ([head] + lines).joined(separator: "\r\n") + "\r\n"
    }

    private struct Column {
        var name: String
        var value: (FocusRow) -> String

        init(_ name: String, _ value: @escaping (FocusRow) -> String) {
            self.name = name
            self.value = value
        }
    }

    /// FOCUS wants seconds.
    private static func time(_ instant: Instant) -> String { String(instant.iso8601.prefix(19)) + "Z" }
    private static func rate(_ rate: HourlyRate?) -> String {
        rate.map { FocusDecimal(Money(microdollars: $0.microdollars)).text } ?? ""
    }
    private static func sku(_ offer: Offer) -> String {
        "\(offer.region)/\(offer.instanceType)/\(offer.purchase.rawValue)"
    }
    private static func midnight(_ month: CalendarMonth) -> String { "\(month.first)T00:00:00Z" }

    private var columns: [Column] {
        [
            Column("AvailabilityZone") { $0.offer.zone },
            Column("BilledCost") { FocusDecimal($0.cost).text },
            Column("BillingAccountId") { _ in account ?? Self.unknownAccount },
            Column("BillingAccountName") { _ in "" },
            Column("BillingCurrency") { _ in "USD" },
            Column("BillingPeriodEnd") { Self.midnight($0.billingPeriod.next) },
            Column("BillingPeriodStart") { Self.midnight($0.billingPeriod) },
            Column("ChargeCategory") { _ in "Usage" },
            Column("ChargeClass") { _ in "" },
            Column("ChargeDescription") {
                "\($0.offer.instanceType) \(OutcomeWords.purchase($0.offer.purchase)): "
                    + LedgerWords.kind($0.kind)
            },
            Column("ChargeFrequency") { _ in "Usage-Based" },
            Column("ChargePeriodEnd") { Self.time($0.until) },
            Column("ChargePeriodStart") { Self.time($0.from) },
            Column("CommitmentDiscountId") { _ in "" },
            Column("CommitmentDiscountStatus") { _ in "" },
            Column("CommitmentDiscountType") { _ in "" },
            Column("ConsumedQuantity") { $0.quantity.text },
            Column("ConsumedUnit") { _ in "Hours" },
            Column("ContractedCost") { $0.listCost.text },
            Column("ContractedUnitPrice") { Self.rate($0.list?.rate) },
            Column("EffectiveCost") { FocusDecimal($0.cost).text },
            Column("InvoiceId") { _ in "" },
            Column("InvoiceIssuerName") { $0.service.provider },
            Column("ListCost") { $0.listCost.text },
            Column("ListUnitPrice") { Self.rate($0.list?.rate) },
            Column("PricingCategory") { $0.offer.purchase == .spot ? "Dynamic" : "Standard" },
            Column("PricingQuantity") { $0.quantity.text },
            Column("PricingUnit") { _ in "Hours" },
            Column("ProviderName") { $0.service.provider },
            Column("PublisherName") { $0.service.provider },
            Column("RegionId") { $0.offer.region },
            Column("RegionName") { $0.offer.region },
            Column("ResourceId") { $0.resource(in: account) },
            Column("ResourceName") { $0.key },
            Column("ResourceType") { $0.offer.instanceType },
            Column("ServiceCategory") { $0.service.category },
            Column("ServiceName") { $0.service.name },
            Column("ServiceSubcategory") { $0.service.subcategory },
            Column("SkuId") { Self.sku($0.offer) },
            Column("SkuPriceId") { Self.sku($0.offer) },
            Column("SubAccountId") { _ in "" },
            Column("Tags") {
                FocusCSV.tags(tags + [("nightshift:job", $0.night.job), ("nightshift:night", $0.night.id)])
            },
            Column("x_Attempt") { "\($0.attempt)" },
            Column("x_BaselineCost") { $0.baseline.map { FocusDecimal($0).text } ?? "" },
            Column("x_BilledQuantity") { $0.billedQuantity.text },
            Column("x_Estimated") { _ in "true" },
            Column("x_NightId") { $0.night.id },
            Column("x_Outcome") { $0.night.status.rawValue },
            Column("x_PriceAsOf") { $0.price?.priceAsOf ?? "" },
            Column("x_PriceSource") { $0.price?.priceSource ?? "" },
            Column("x_Rehearsal") { "\($0.night.isRehearsal)" },
            Column("x_WasteKind") { $0.kind == .useful ? "" : $0.kind.rawValue },
        ]
    }
}

/// Cells of CSV (RFC 4180), which spreadsheets open too.
enum FocusCSV {
    /// Sanitised; a text that a spreadsheet would run as a formula gets an apostrophe, a number keeps its sign.
    static func cell(_ text: String) -> String {
        var text = TerminalText.sanitized(text)
        if let first = text.first, "=+-@\t".contains(first), FocusDecimal(text) == nil { text = "'" + text }
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }

    /// A JSON object in the order given.
    static func tags(_ tags: [(key: String, value: String)]) -> String {
        func quoted(_ text: String) -> String {
            "\"\(TerminalText.sanitized(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }
        return "{\(tags.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ","))}"
    }
}
