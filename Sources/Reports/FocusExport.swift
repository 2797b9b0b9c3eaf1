// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A ledger as rows of FOCUS 1.2, in CSV: one row for each piece of each launch's bill.
///
/// `BilledCost` sums to the ledger to the micro-dollar; `ListCost` is `ListUnitPrice` × `PricingQuantity` exactly.
package struct FocusExport: Sendable {
    private let ledger: Ledger

    package init(_ ledger: Ledger) { self.ledger = ledger }

    package var csv: String {
        let head = Self.columns.map(\.name).joined(separator: ",")
        let lines = rows.map { row in Self.columns.map { FocusCSV.cell($0.value(row)) }.joined(separator: ",") }
        return ([head] + lines).joined(separator: "\r\n") + "\r\n"
    }

    var rows: [FocusRow] {
        ledger.nights.flatMap { night -> [FocusRow] in
            var keys: [String] = []
            return night.account.pieces.map { piece in
                if keys.last != piece.key { keys.append(piece.key) }
                return FocusRow(night: night, piece: piece, attempt: keys.count)
            }
        }
    }

    private struct Column: Sendable {
        var name: String
        var value: @Sendable (FocusRow) -> String

        init(_ name: String, _ value: @escaping @Sendable (FocusRow) -> String) {
            self.name = name
            self.value = value
        }
    }

    /// FOCUS wants seconds.
    private static func time(_ instant: Instant) -> String { String(instant.iso8601.prefix(19)) + "Z" }
    private static func rate(_ rate: HourlyRate?) -> String {
        rate.map { FocusDecimal(Money(microdollars: $0.microdollars)).text } ?? ""
    }
    private static func midnight(_ month: CalendarMonth) -> String { "\(month.first)T00:00:00Z" }

    private static let columns: [Column] = [
        Column("AvailabilityZone") { $0.piece.offer.zone },
        Column("BilledCost") { FocusDecimal($0.piece.cost).text },
        // Who pays is not known here: the cloud's own export has it.
        Column("BillingAccountId") { _ in "" },
        Column("BillingAccountName") { _ in "" },
        Column("BillingCurrency") { _ in "USD" },
        Column("BillingPeriodEnd") { midnight($0.billingPeriod.next) },
        Column("BillingPeriodStart") { midnight($0.billingPeriod) },
        Column("ChargeCategory") { _ in "Usage" },
        Column("ChargeClass") { _ in "" },
        Column("ChargeDescription") {
            "\($0.piece.offer.instanceType) \(OutcomeWords.purchase($0.piece.offer.purchase)): "
                + LedgerWords.kind($0.piece.kind)
        },
        Column("ChargeFrequency") { _ in "Usage-Based" },
        Column("ChargePeriodEnd") { time($0.piece.until) },
        Column("ChargePeriodStart") { time($0.piece.from) },
        Column("CommitmentDiscountId") { _ in "" },
        Column("CommitmentDiscountStatus") { _ in "" },
        Column("CommitmentDiscountType") { _ in "" },
        Column("ConsumedQuantity") { $0.quantity.text },
        Column("ConsumedUnit") { _ in "Hours" },
        Column("ContractedCost") { $0.listCost?.text ?? "" },
        Column("ContractedUnitPrice") { rate($0.list?.rate) },
        Column("EffectiveCost") { FocusDecimal($0.piece.cost).text },
        Column("InvoiceId") { _ in "" },
        Column("InvoiceIssuerName") { $0.service.provider },
        Column("ListCost") { $0.listCost?.text ?? "" },
        Column("ListUnitPrice") { rate($0.list?.rate) },
        Column("PricingCategory") { $0.piece.offer.purchase == .spot ? "Dynamic" : "Standard" },
        Column("PricingQuantity") { $0.quantity.text },
        Column("PricingUnit") { _ in "Hours" },
        Column("ProviderName") { $0.service.provider },
        Column("PublisherName") { $0.service.provider },
        Column("RegionId") { $0.piece.offer.region },
        Column("RegionName") { $0.piece.offer.region },
        Column("ResourceId") { $0.piece.key },
        Column("ResourceName") { $0.piece.key },
        Column("ResourceType") { $0.piece.offer.instanceType },
        Column("ServiceCategory") { $0.service.category },
        Column("ServiceName") { $0.service.name },
        Column("ServiceSubcategory") { $0.service.subcategory },
        Column("SkuId") {
            "\($0.piece.offer.region)/\($0.piece.offer.instanceType)/\($0.piece.offer.purchase.rawValue)"
        },
        Column("SubAccountId") { _ in "" },
        Column("Tags") { FocusCSV.tags([("nightshift:job", $0.night.job), ("nightshift:night", $0.night.id)]) },
        Column("x_Attempt") { "\($0.attempt)" },
        Column("x_Estimated") { _ in "true" },
        Column("x_NightId") { $0.night.id },
        Column("x_Outcome") { $0.night.status.rawValue },
        Column("x_PriceAsOf") { $0.price?.priceAsOf ?? "" },
        Column("x_PriceSource") { $0.price?.priceSource ?? "" },
        Column("x_Rehearsal") { "\($0.night.isRehearsal)" },
        Column("x_WasteKind") { $0.piece.kind == .useful ? "" : $0.piece.kind.rawValue },
    ]
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
