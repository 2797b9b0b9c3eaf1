// SPDX-License-Identifier: Apache-2.0

/// Where a bill's file has what, by its header.
struct ReconcileColumns {
    let format: ReconcileFile.Format
    private let places: [String: Int]

    private static let needed: [ReconcileFile.Format: [String]] = [
        .cur: [
            "line_item_resource_id", "line_item_unblended_cost", "line_item_usage_amount", "line_item_line_item_type",
            "pricing_unit",
        ],
        .focus: ["ResourceId", "BilledCost", "PricingQuantity", "PricingUnit", "ChargeCategory", "BillingCurrency"],
    ]

    init(_ header: [String], name: String) throws(ReconcileFile.Problems) {
        places = Dictionary(
            header.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        if places["line_item_unblended_cost"] != nil || places["line_item_resource_id"] != nil {
            format = .cur
        } else if places["BilledCost"] != nil || places["ChargeCategory"] != nil {
            format = .focus
        } else {
            throw ReconcileFile.Problems(problems: [
                "\(name):1: neither CUR 2.0 (line_item_unblended_cost …) nor FOCUS (BilledCost …); export one of them as CSV"
            ])
        }
        let missing = (Self.needed[format] ?? []).filter { places[$0] == nil }
        guard missing.isEmpty else {
            throw ReconcileFile.Problems(
                problems: missing.map { "\(name):1: \($0): this column is missing; add it to the export" })
        }
    }

    func line(_ cells: [String]) throws(ReconcileFile.Problems) -> ReconcileFile.Line {
        var problems: [String] = []
        func text(_ column: String) -> String { places[column].map { cells[$0] } ?? "" }
        func decimal(_ column: String) -> FocusDecimal {
            let cell = text(column)
            if let value = FocusDecimal(cell) {
                if value.magnitude <= .largest { return value }
                problems.append("\(column): must be between −\(FocusDecimal.largest.text) and that, not \(cell)")
                return .zero
            }
            problems.append("\(column): must be a decimal number, not \"\(TerminalText.sanitized(cell))\"")
            return .zero
        }
        let isCUR = format == .cur
        let currency = text(isCUR ? "line_item_currency_code" : "BillingCurrency")
        if !currency.isEmpty, currency != "USD" {
            problems.append(
                "\(isCUR ? "line_item_currency_code" : "BillingCurrency"): \(TerminalText.sanitized(currency)); only USD "
                    + "can be compared")
        }
        let cost = decimal(isCUR ? "line_item_unblended_cost" : "BilledCost")
        let kind = text(isCUR ? "line_item_line_item_type" : "ChargeCategory")
        let seconds = Self.secondsPerUnit(text(isCUR ? "pricing_unit" : "PricingUnit"))
        var hours: FocusDecimal?
        if kind.hasSuffix("Usage"), let seconds {
            // Our own export has the stay as quantity, and what was billed of it in a column of its own.
            let billed = places["x_BilledQuantity"] == nil ? "PricingQuantity" : "x_BilledQuantity"
            let quantity = decimal(isCUR ? "line_item_usage_amount" : billed)
            hours = FocusDecimal(units: quantity.units * seconds / 3600)
        }
        let tags = text(isCUR ? "resource_tags" : "Tags")
        guard problems.isEmpty else { throw ReconcileFile.Problems(problems: problems) }
        return ReconcileFile.Line(
            resource: text(isCUR ? "line_item_resource_id" : "ResourceId"), night: Self.night(in: tags), cost: cost,
            hours: hours)
    }

    /// Of a unit of machine time; `nil` for any other.
    private static func secondsPerUnit(_ unit: String) -> Int128? {
        switch unit.lowercased() {
        case "hrs", "hours", "hour", "h": 3600
        case "seconds", "second", "s": 1
        default: nil
        }
    }

    /// The value of `nightshift:night` in a JSON map; a bill may write it `user_nightshift_night` or
    /// `user:nightshift:night`.
    static func night(in tags: String) -> String {
        let pattern = /"(?:user[_:])?nightshift[_:]night"\s*:\s*"([^"\\]*)"/
        return tags.firstMatch(of: pattern).map { String($0.output.1) } ?? ""
    }
}
