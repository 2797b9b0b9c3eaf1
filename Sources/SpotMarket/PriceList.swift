// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One product of AWS's Price List, as `GetProducts` describes it, before anything is believed of it.
package struct PriceListEntry: Hashable, Sendable {
    /// An on-demand price dimension.
    package struct Rate: Hashable, Sendable {
        package var unit: String
        /// Absent where the price is in another currency.
        package var usd: String?

        package init(unit: String, usd: String?) {
            self.unit = unit
            self.usd = usd
        }
    }

    package var attributes: [String: String]
    package var rates: [Rate]

    package init(attributes: [String: String], rates: [Rate]) {
        self.attributes = attributes
        self.rates = rates
    }

    /// The on-demand fact in it; `nil` when it is about anything else: another system, tenancy, licence, unit or
    /// currency, capacity that was reserved, a fee of 0 that stands for "included".
    package func onDemandFact(of product: PriceProduct, asOf: LocalDate) -> PriceFact? {
        let hourly = rates.compactMap { rate -> Money? in
            guard ["hrs", "hr", "hours", "hour"].contains(rate.unit.lowercased()), let usd = rate.usd else {
                return nil
            }
            return Money(publishedDollars: usd)
        }.filter { $0 > .zero }
        guard let type = instanceType(product), let region = attributes["regionCode"], product.sells(type),
            isPlain(product), let price = hourly.first, price <= PriceFact.most, hourly.allSatisfy({ $0 == price })
        else { return nil }
        return PriceFact(
            product: product, instanceType: type, region: region, zone: nil, zoneId: nil, purchase: .onDemand,
            pricePerHour: price, asOf: asOf, source: "AWS Price List API", origin: .list)
    }

    private func instanceType(_ product: PriceProduct) -> String? {
        if product == .ec2 { return attributes["instanceType"] }
        return attributes["instanceName"] ?? attributes["platoinstancename"] ?? attributes["instanceType"]
    }

    private func isPlain(_ product: PriceProduct) -> Bool {
        func says(_ name: String, _ expected: String) -> Bool { attributes[name].map { $0 == expected } ?? true }
        guard product == .ec2 else { return true }
        return attributes["operatingSystem"] == "Linux" && attributes["tenancy"] == "Shared"
            && says("preInstalledSw", "NA") && says("capacitystatus", "Used") && says("marketoption", "OnDemand")
            && says("licenseModel", "No License required") && says("operation", "RunInstances")
    }
}

extension Money {
    /// AWS's decimals, `21.9576420000`: digits after the sixth are rounded to the micro-dollar, halves up. `nil` for
    /// anything but a plain decimal that is not negative.
    package init?(publishedDollars text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count > 6 else {
            guard !text.hasPrefix("-") else { return nil }
            self.init(dollars: text)
            return
        }
        let kept = parts[1].prefix(6), rest = parts[1].dropFirst(6)
        guard !text.hasPrefix("-"), rest.allSatisfy({ ("0"..."9").contains($0) }),
            let whole = Money(dollars: "\(parts[0]).\(kept)")
        else { return nil }
        self = rest.first! >= "5" ? whole + Money(microdollars: 1) : whole
    }
}
