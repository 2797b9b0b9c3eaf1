// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import Testing
import TrainingJobs

/// What in AWS's Price List is the price of a plain machine by the hour, and what is not.
@Suite struct PriceListTests {
    private static let day = LocalDate("2026-11-24")!
    private static let plain = [
        "instanceType": "p4d.24xlarge", "regionCode": "us-east-1", "operatingSystem": "Linux", "tenancy": "Shared",
        "preInstalledSw": "NA", "capacitystatus": "Used", "licenseModel": "No License required",
        "marketoption": "OnDemand", "operation": "RunInstances",
    ]
    private static let rate = PriceListEntry.Rate(unit: "Hrs", usd: "21.9576420000")

    private static func price(_ change: [String: String] = [:], _ rates: [PriceListEntry.Rate] = [rate]) -> String? {
        PriceListEntry(attributes: plain.merging(change) { $1 }, rates: rates).onDemandFact(of: .ec2, asOf: day)?
            .pricePerHour.dollars
    }

    @Test func `a plain Linux machine by the hour is one`() { #expect(Self.price() == "21.957642") }

    @Test(arguments: [
        ("operatingSystem", "Windows"), ("operatingSystem", "SUSE"), ("tenancy", "Dedicated"),
        ("preInstalledSw", "SQL Std"), ("capacitystatus", "UnusedCapacityReservation"),
        ("licenseModel", "Bring your own license"), ("marketoption", "CapacityBlock"),
        ("operation", "RunInstances:0002"),
        ("instanceType", "ml.p4d.24xlarge"),
    ])
    func `anything else with the same name is none`(attribute: String, value: String) {
        #expect(Self.price([attribute: value]) == nil)
    }

    @Test func `another currency, another unit, a fee of 0 and two different prices are none`() {
        #expect(Self.price([:], [.init(unit: "Hrs", usd: nil)]) == nil)
        #expect(Self.price([:], [.init(unit: "Quantity", usd: "5000")]) == nil)
        #expect(Self.price([:], [.init(unit: "Hrs", usd: "0.0000000000")]) == nil)
        #expect(Self.price([:], [Self.rate, .init(unit: "Hrs", usd: "33")]) == nil)
        #expect(Self.price([:], [Self.rate, .init(unit: "Quantity", usd: "0")]) == "21.957642")
    }
}

@Suite struct ShippedPricesTests {
    @Test func `every shipped price has a day and a source and is none twice`() {
        #expect(PriceBook.shipped.problems.isEmpty)
        #expect(PriceBook.shipped.facts.count == 53)
        for fact in PriceBook.shipped.facts {
            #expect((LocalDate("2025-06-30")!...LocalDate("2026-11-24")!).contains(fact.asOf), "\(fact.name)")
            #expect(fact.pricePerHour < Money(microdollars: 200_000_000), "\(fact.name)")
        }
    }

    @Test func `no price of SageMaker training is shipped, because none was published where we may read it`() {
        #expect(!PriceBook.shipped.facts.contains { $0.product == .sageMakerTraining })
    }

    @Test func `the shipped zones without a saving are told`() {
        let equal = PriceBook.shipped.facts.filter {
            PriceBook.shipped.saving(of: $0, on: PriceBookTests.today)?.verdict == .equal
        }
        #expect(
            equal.compactMap(\.zoneId).sorted() == ["aps1-az2", "aps1-az3", "cac1-az1", "euc1-az2", "use1-az1"])
    }
}
