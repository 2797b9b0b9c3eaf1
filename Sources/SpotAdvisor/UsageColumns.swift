// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Where an export has what is needed: AWS's two forms of cost and usage rows.
struct UsageColumns {
    enum Form {
        /// Cost and Usage Report 2.0, hourly.
        case cur
        /// FOCUS with AWS's own columns (`FOCUS_1_2_AWS`), hourly.
        case focus

        var names: [Column: String] {
            switch self {
            case .cur:
                [
                    .start: "line_item_usage_start_date", .end: "line_item_usage_end_date",
                    .service: "line_item_product_code", .usage: "line_item_usage_type",
                    .kind: "line_item_line_item_type", .cost: "pricing_public_on_demand_cost",
                    .currency: "line_item_currency_code", .tags: "resource_tags", .region: "product_region_code",
                ]
            case .focus:
                [
                    .start: "ChargePeriodStart", .end: "ChargePeriodEnd", .service: "x_ServiceCode",
                    .usage: "x_UsageType", .kind: "ChargeCategory", .pricing: "PricingCategory", .cost: "ListCost",
                    .currency: "BillingCurrency", .tags: "Tags", .region: "RegionId",
                ]
            }
        }

        var title: String { self == .cur ? "CUR 2.0" : "FOCUS" }
    }

    enum Column: Int, CaseIterable {
        case start, end, service, usage, kind, pricing, cost, currency, tags, region

        /// Those without which nothing is left out wrongly. A region is in the usage's type too.
        var isOptional: Bool { self == .tags || self == .currency || self == .region }
    }

    let form: Form
    let count: Int
    private var places: [Column: Int] = [:]

    /// `nil` when the header is of neither form; what is missing is told.
    init?(_ header: [UsageCSV.Field], file: String, _ problems: inout [String]) {
        let titles = header.map { $0.text }
        func matches(_ form: Form) -> Int { form.names.values.count { titles.contains($0) } }
        guard let form = [Form.cur, .focus].max(by: { matches($0) < matches($1) }), matches(form) >= 2 else {
            return nil
        }
        self.form = form
        count = header.count
        for (column, name) in form.names.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if let place = titles.firstIndex(of: name) {
                places[column] = place
            } else if !column.isOptional {
                let near =
                    NearestName.of(name, in: titles.filter { !form.names.values.contains($0) }).map {
                        "; is \"\($0)\" meant to be it?"
                    } ?? ""
                problems.append(
                    "\(file):\(header[0].line):1: the column \(name) of a \(form.title) export is missing\(near)")
            }
        }
    }

    subscript(column: Column) -> Int? { places[column] }

    func name(_ column: Column) -> String { form.names[column] ?? "" }
}
