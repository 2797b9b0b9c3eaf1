// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct FocusTests {
    @Test("a month's rows in FOCUS 1.2")
    func golden() throws {
        let nights = [
            LedgerMonths.night("2026-11-25", ScriptedNights.eventful),
            LedgerMonths.night("2026-11-26", LedgerMonths.neverLaunched),
        ]
        try Golden.expect(FocusExport(LedgerMonths.ledger(nights)).csv, "ledger-focus.csv")
    }

    @Test("list cost is list price × quantity exactly, and billed cost sums to the bill")
    func product() throws {
        let csv = FocusExport(LedgerMonths.eventful).csv
        let lines = csv.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        func column(_ name: String) throws -> [FocusDecimal] {
            let index = try #require(lines[0].firstIndex { $0 == name })
            return try lines.dropFirst().map { try #require(FocusDecimal(String($0[index]))) }
        }
        let rates = try column("ListUnitPrice")
        let (quantities, costs) = (try column("PricingQuantity"), try column("ListCost"))
        #expect(rates.count > 60)
        for ((rate, quantity), cost) in zip(zip(rates, quantities), costs) {
            let price = HourlyRate(microdollars: Int64(rate.units / 1_000_000_000_000))
            #expect(FocusDecimal.product(price, quantity) == cost)
            #expect(quantity.units % 1_000_000_000 == 0)
        }
        #expect(try column("BilledCost").reduce(.zero, +) == FocusDecimal(LedgerMonths.eventful.cost))
    }

    @Test("a spreadsheet is given text, never a formula; a hostile name leaves its cell nowhere")
    func hostile() {
        var terms = ScriptedNights.terms(job: "=HYPERLINK(\"http://evil.example\")")
        terms.night = "n"
        var night = NightScript(terms)
        let offer = Offer(
            backend: "local", instanceType: "=1+1", region: "a,b\r\n", zone: "@x\u{1B}", purchase: .spot)
        let key = night.launch(0, offer)
        night.run(key, 0)
        let entry = LedgerNight(
            id: "n", date: LocalDate("2026-11-25")!, isRehearsal: false, events: night.events, at: night.at(60))!
        let lines = FocusExport(LedgerMonths.ledger([entry]), withRehearsals: true).csv.split(separator: "\r\n")
        #expect(lines.count == 2 && lines[1].hasPrefix("'@x␛,"))
        #expect(lines[1].contains(",'=1+1,") && lines[1].contains("\"a,b␍␊\"") && !lines[1].contains(",="))
    }

    @Test(
        "decimals are read and written without loss",
        arguments: [
            ("0", "0"), ("7.102500", "7.1025"), ("-0.000001", "-0.000001"), ("1.2E-5", "0.000012"), ("12e2", "1200"),
            ("0.000000000000000001", "0.000000000000000001"), ("+3.", "3"), (".5", "0.5"), ("1.50E0", "1.5"),
        ])
    func decimals(text: String, written: String) { #expect(FocusDecimal(text)?.text == written) }

    @Test(
        "what is no decimal, too long or too large is refused",
        arguments: ["", "-", ".", "1,2", "0x1", "1e", "1.2.3", "nan", "1e-19", "1000000000000000000000", "٣", "1 "])
    func refused(text: String) { #expect(FocusDecimal(text) == nil) }

    /// Cells by column, a dictionary a row.
    private static func rows(_ export: FocusExport) -> [[String: String]] {
        let lines = export.csv.split(separator: "\r\n").map {
            // Tags are the only cells with commas here.
            $0.replacing(/"\{.*\}"/) { $0.output.replacing(",", with: ";") }
                .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    private static func sum(_ rows: [[String: String]], _ column: String) -> FocusDecimal {
        rows.reduce(.zero) { $0 + (FocusDecimal($1[column] ?? "") ?? .zero) }
    }

    @Test("SageMaker Spot saves: the list cost is the stay's, the billed cost that of the billable seconds")
    func managedSpot() {
        let ledger = LedgerRuleTests.ledger(LedgerRuleTests.whole("sagemaker", billed: 65))
        let rows = Self.rows(FocusExport(ledger, account: "123456789012", tags: [("team", "ml")]))
        // Hours have nine places, so the list cost of a row is within a few nano-dollars.
        #expect(Self.sum(rows, "ListCost").dollars == "$104.00" && Self.sum(rows, "BilledCost").text == "26")
        #expect(Self.sum(rows, "x_BaselineCost").text == "104")
        #expect(abs(Self.sum(rows, "ConsumedQuantity").units - FocusDecimal("4.333333333")!.units) <= 2_000_000_000)
        #expect(abs(Self.sum(rows, "x_BilledQuantity").units - FocusDecimal("1.083333333")!.units) <= 2_000_000_000)
        for row in rows {
            #expect(row["ServiceSubcategory"] == "Machine Learning" && row["SkuPriceId"] == row["SkuId"])
            #expect(row["BillingAccountId"] == "123456789012")
            #expect(
                row["ResourceId"]
                    == "arn:aws:sagemaker:eu-west-1:123456789012:training-job/recommender-2026-11-25-a1")
            #expect(row["Tags"]?.contains("\"\"team\"\":\"\"ml\"\"") == true)
        }
    }

    @Test("columns that must not be empty are not, a list price found or not")
    func notNull() {
        let ledger = LedgerRuleTests.ledger(LedgerRuleTests.whole("ec2", listed: false))
        let rows = Self.rows(FocusExport(ledger))
        #expect(!rows.isEmpty)
        for row in rows {
            #expect(row["ListUnitPrice"] == "" && row["ListCost"] == row["BilledCost"])
            #expect(row["ContractedCost"] == row["BilledCost"] && row["BillingAccountId"] == "unknown")
            #expect(row["x_BaselineCost"] == "")
        }
    }

    @Test("a row lies in one billing period: it is cut at midnight, UTC, and nothing is lost")
    func periods() {
        var night = LedgerRuleTests.script("ec2")
        var terms = night.terms
        let shift = Instant(iso8601: "2026-10-31T23:00:00.500Z")! - terms.start
        (terms.start, terms.deadline, terms.end) = (terms.start + shift, terms.deadline + shift, terms.end + shift)
        night = NightScript(terms)
        let key = night.launch(0, LedgerRuleTests.offer("ec2", .spot))
        night.run(key, 0)
        night.train(key, 16, from: nil, units: 0)
        night.end(key, 90, .stopped)
        let entry = LedgerMonths.night("2026-11-01", night.events)
        let rows = Self.rows(FocusExport(LedgerMonths.ledger([entry])))
        #expect(
            rows.map { $0["BillingPeriodStart"] } == [
                "2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z",
            ])
        #expect(
            rows[1]["ChargePeriodEnd"] == "2026-11-01T00:00:00Z"
                && rows[1]["BillingPeriodEnd"] == rows[1]["ChargePeriodEnd"])
        #expect(rows[2]["ChargePeriodStart"] == "2026-11-01T00:00:00Z")
        #expect(Self.sum(rows, "BilledCost") == FocusDecimal(entry.cost))
        let quantity = Self.sum(rows, "PricingQuantity").units
        #expect(abs(quantity - FocusDecimal("1.5")!.units) <= 2_000_000_000)
    }

    @Test("what is over within a second is part of its neighbour, and every row has a length")
    func seconds() {
        var night = LedgerRuleTests.script("ec2")
        let key = night.launch(0, LedgerRuleTests.offer("ec2", .spot))
        night.run(key, 0)
        night.train(key, 0.005, from: nil, units: 0)
        night.progress(key, [(0.01, 0), (60, 5)])
        night.end(key, 60, .stopped)
        let second = night.launch(61, LedgerRuleTests.offer("ec2", .spot), .noCapacity)
        let third = night.launch(62, LedgerRuleTests.offer("ec2", .spot))
        night.run(third, 62)
        night.end(third, 62.01, .stopped)
        let entry = LedgerMonths.night("2026-11-25", night.events)
        let rows = Self.rows(FocusExport(LedgerMonths.ledger([entry])))
        #expect(rows.count == 2 && rows.allSatisfy { $0["ChargePeriodStart"]! < $0["ChargePeriodEnd"]! })
        #expect(Self.sum(rows, "BilledCost") == FocusDecimal(entry.cost))
        // The attempt is the launch's epoch: the second was refused.
        #expect(rows.map { $0["x_Attempt"] } == ["1", "3"] && second.hasSuffix("-a2"))
    }

    @Test("a free hour is a row that bills nothing, and the baseline is shared out without a remainder")
    func freeHour() {
        let ledger = LedgerRuleTests.ledger(LedgerRuleTests.taken("ec2"))
        let rows = Self.rows(FocusExport(ledger))
        let free = rows.filter { $0["x_BilledQuantity"] == "0" }
        #expect(
            free.count == 2 && Self.sum(free, "BilledCost") == .zero && Self.sum(free, "ListCost").dollars == "$16.00")
        #expect(Self.sum(rows, "BilledCost").text == "23.6" && Self.sum(rows, "x_BaselineCost").text == "104")
    }
}
