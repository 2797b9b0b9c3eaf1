// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import SpotAdvisor

@Suite struct UsageReaderTests {
    private static func read(
        _ text: String, for kind: SavingsPlanKind = .sageMaker, pieces: Int = 1000, type: String = "p4d.24xlarge"
    ) throws(UsageProblems) -> (hours: UsageHours, rows: UsageReader.Rows) {
        var reader = UsageReader(
            file: "u.csv", for: UsageScope(kind, instanceType: type, region: "us-west-2"))
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            reader.read(bytes.prefix(pieces))
            bytes = bytes.dropFirst(pieces)
        }
        let hours = try reader.finish()
        return (hours, reader.rows)
    }

    private static func problems(_ text: String, for kind: SavingsPlanKind = .sageMaker) -> [String] {
        do {
            _ = try read(text, for: kind)
            return []
        } catch { return error.problems }
    }

    private static let cur = """
        line_item_usage_start_date,line_item_usage_end_date,line_item_product_code,line_item_usage_type,\
        line_item_line_item_type,pricing_public_on_demand_cost,resource_tags,line_item_currency_code
        2026-11-01T05:00:00.000Z,2026-11-01T06:00:00.000Z,AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,1.5,"{""a"":""b, c\nd""}",USD
        2026-11-01T05:00:00.000Z,2026-11-01T06:00:00.000Z,AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,2.5E-1,,USD
        2026-11-01T07:00:00.000Z,2026-11-01T08:00:00.000Z,AmazonSageMaker,USE1-Train:ml.p4d.24xlarge,Usage,25.251286,"{""nightshift:night"":""n""}",USD
        2026-11-01T07:00:00.000Z,2026-11-01T08:00:00.000Z,AmazonSageMaker,USE1-Host:ml.g5.xlarge,SavingsPlanCoveredUsage,1.5,,USD
        2026-11-01T08:00:00.000Z,2026-11-01T09:00:00.000Z,AmazonEC2,USE1-BoxUsage:g5.xlarge,Usage,1.006,,USD
        2026-11-01T08:00:00.000Z,2026-11-01T09:00:00.000Z,AmazonEC2,USE1-SpotUsage:g5.xlarge,Usage,0.4,,USD
        2026-11-01T08:00:00.000Z,2026-11-01T09:00:00.000Z,AmazonEC2,USE1-EBS:VolumeUsage.gp3,Usage,0.4,,USD
        2026-11-01T00:00:00.000Z,2026-12-01T00:00:00.000Z,AWSSupport,x,Fee,100,,USD
        2026-11-07T22:00:00.000Z,2026-11-07T23:00:00.000Z,AmazonEC2,USE1-EBS:VolumeUsage.gp3,Usage,0.4,,USD

        """

    private static let focus = """
        ListCost,ChargePeriodStart,ChargePeriodEnd,x_ServiceCode,x_UsageType,ChargeCategory,PricingCategory
        1.75,2026-11-01 05:00:00,2026-11-01 06:00:00,AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,Standard
        9,2026-11-01T06:00:00Z,2026-11-01T07:00:00Z,AmazonSageMaker,USE1-Train:ml.g5.xlarge,Usage,Dynamic
        9,2026-11-01T08:00:00Z,2026-11-01T09:00:00Z,AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,Committed
        9,2026-11-07T08:00:00Z,2026-11-07T09:00:00Z,AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,Committed
        """

    /// A week of hours with these in it.
    private static func week(_ used: [Int: Int64], days: Int = 7) -> UsageHours {
        UsageHours(clock: .utc, firstHour: 0, hours: (0..<24 * days).map { used[$0] ?? 0 })
    }

    @Test("CUR 2.0 and FOCUS say the same: what a plan could cover, by hour, in whole days")
    func exports() throws {
        let cur = try Self.read(Self.cur)
        #expect(cur.hours == Self.week([5: 1_750_000]))
        #expect(cur.rows == UsageReader.Rows(counted: 2, spot: 0, covered: 1, ownNights: 1, other: 5))
        let focus = try Self.read(Self.focus)
        #expect(focus.hours == cur.hours)
        #expect(focus.rows == UsageReader.Rows(counted: 1, spot: 1, covered: 2, ownNights: 0, other: 0))
    }

    @Test("An EC2 plan counts instances alone: no Spot, no disk, no SageMaker")
    func compute() throws {
        let read = try Self.read(Self.cur, for: .compute)
        #expect(read.hours == Self.week([8: 1_006_000]))
        #expect(read.rows.spot == 1 && read.rows.counted == 1)
    }

    @Test("An export of less than a week is refused, and the nights fall into every day of a longer one")
    func length() throws {
        let short = Self.focus.split(separator: "\n").dropLast().joined(separator: "\n")
        #expect(
            Self.problems(short) == [
                "u.csv: its rows are of 1 day; a commitment is for a year at least, so export 7 days or more"
            ])
        let hours = try Self.read(Self.focus).hours.adding(
            HourlyRate(microdollars: 1_000_000), from: .hours(22), for: .hours(4))
        #expect(hours.count == 168)
        #expect(hours.count { $0.microdollars >= 1_000_000 } == 4 * 7 + 1)
    }

    @Test("An EC2 Instance plan counts one family in one region, by the region's column or the usage's prefix")
    func family() throws {
        func row(_ usage: String, _ region: String) -> String {
            "1,2026-11-01T05:00:00Z,2026-11-01T06:00:00Z,AmazonEC2,\(usage),Usage,Standard,\(region)"
        }
        let head =
            "ListCost,ChargePeriodStart,ChargePeriodEnd,x_ServiceCode,x_UsageType,ChargeCategory,PricingCategory,"
        let end = "1,2026-11-07T05:00:00Z,2026-11-07T06:00:00Z,AWSSupport,x,Fee,Standard,"
        func counted(_ rows: [String], _ kind: SavingsPlanKind = .ec2Instance) throws -> Int {
            try Self.read(([head + "RegionId"] + rows + [end]).joined(separator: "\n"), for: kind).rows.counted
        }
        #expect(try counted([row("USW2-BoxUsage:p4d.24xlarge", "")]) == 1)
        #expect(try counted([row("BoxUsage:p4d.24xlarge", "us-west-2")]) == 1)
        let others = [
            row("USW2-BoxUsage:g5.xlarge", ""), row("USW2-BoxUsage:p4de.24xlarge", ""),
            row("BoxUsage:p4d.24xlarge", ""), row("EUC1-BoxUsage:p4d.24xlarge", ""),
            row("USW2-BoxUsage:p4d.24xlarge", "us-east-1"), row("XYZ9-BoxUsage:p4d.24xlarge", ""), row("BoxUsage", ""),
        ]
        #expect(try counted(others) == 0)
        #expect(try counted(others, .compute) == 7)
    }

    @Test("A row that lies in two hours goes into both by its time")
    func straddling() throws {
        let row = "3,2026-11-01T00:20:00Z,2026-11-01T01:20:00Z,AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,Standard"
        #expect(try Self.read(Self.focus + "\n" + row).hours == Self.week([0: 2_000_000, 1: 1_000_000, 5: 1_750_000]))
    }

    @Test("A credit takes back what was charged in its hour, never more; one for a month is left out and counted")
    func credits() throws {
        func row(_ cost: String, _ from: String, _ until: String) -> String {
            "\n\(cost),\(from),\(until),AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,Standard"
        }
        let read = try Self.read(
            Self.focus + row("-0.5", "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z")
                + row("-4", "2026-11-01T09:00:00Z", "2026-11-01T10:00:00Z")
                + row("-100", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"))
        #expect(read.hours == Self.week([5: 1_250_000]))
        #expect(read.rows.counted == 3 && read.rows.corrections == 1)
    }

    @Test("Pieces of any size give the same", arguments: [1, 2, 3, 7, 64])
    func pieces(size: Int) throws {
        let whole = try Self.read(Self.cur)
        let parts = try Self.read(Self.cur, pieces: size)
        #expect(whole.hours == parts.hours && whole.rows == parts.rows)
    }

    @Test("All problems are told at once, each with file, line and column")
    func everything() {
        let text =
            Self.focus + """

                x,2026-11-01T05:00:00Z,yesterday,AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,Standard
                1,2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,AmazonSageMaker,USE1-Host:ml.g5.xlarge,Usage,Standard
                1,2
                """
        #expect(
            Self.problems(text) == [
                "u.csv:6:24: ChargePeriodEnd: \"yesterday\" is no time; an export has 2026-11-01T01:00:00Z",
                "u.csv:6:1: ListCost: \"x\" is no amount of dollars",
                "u.csv:7:24: ChargePeriodEnd: this row is not of one hour; a plan is used hour by hour, so export with "
                    + "hourly granularity",
                "u.csv:8:1: has 2 fields, but the first line has 7",
            ])
    }

    @Test("Missing columns are told together, with what may be meant")
    func columns() {
        let header = "ListCosts,ChargePeriodStart,x_ServiceCode,x_UsageType,ChargeCategory,PricingCategory\n"
        #expect(
            Self.problems(header) == [
                "u.csv:1:1: the column ChargePeriodEnd of a FOCUS export is missing",
                "u.csv:1:1: the column ListCost of a FOCUS export is missing; is \"ListCosts\" meant to be it?",
            ])
    }

    @Test("Other money than dollars, a file without an end and none at all are refused")
    func refused() {
        let euros = Self.cur.replacing(",USD\n", with: ",EUR\n")
        #expect(Self.problems(euros).filter { $0.contains("line_item_currency_code: is EUR") }.count == 2)
        #expect(Self.problems("a,\"b").contains { $0.hasPrefix("u.csv:1:3: a quote is opened here") })
        #expect(Self.problems("").count == 1 && Self.problems("")[0].hasPrefix("u.csv: is empty; write 24 or 168"))
        #expect(Self.problems("what,is,this\n1,2,3").count == 1)
    }

    @Test("A hundred wrong rows are twenty sentences and a count")
    func many() {
        let problems = Self.problems("hour,usd\n" + String(repeating: "0,x\n", count: 100))
        #expect(problems.count == 21 && problems.last == "u.csv: 80 more problems")
    }

    @Test("A profile is 24 or 168 numbers, in one line or in many, or named hours in any order")
    func profiles() throws {
        let day = Array(repeating: Int64(2_500_000), count: 24)
        let line = Array(repeating: "2.5", count: 24)
        for text in [line.joined(separator: ","), line.joined(separator: "\n"), line.joined(separator: " ,\r\n")] {
            #expect(try Self.read(text).hours == UsageHours(clock: .local, firstHour: 0, hours: day))
        }
        let week = (0..<168).reversed().map { "\($0),\($0)" }.joined(separator: "\n")
        #expect(try Self.read("\u{FEFF}hour,usd\n" + week).hours.hours == (0..<168).map { Int64($0) * 1_000_000 })
        #expect(Self.problems("1,2,3") == ["u.csv: has 3 numbers; a day has 24 of them, a week 168"])
        #expect(
            Self.problems("hour,usd\n0,1\n1,-1\n1,1\n1,2\n200,1") == [
                "u.csv:3:3: usd: \"-1\" is no amount of dollars from 0 on",
                "u.csv:5:1: hour 1 stands on line 4 too; keep one of them",
                "u.csv:6:1: hour: must be 0 to 23, or 0 to 167, not \"200\"",
            ])
        #expect(
            Self.problems("hour,usd\n0,1\n30,2") == [
                "u.csv: 166 of 168 hours are missing: 1, 2, 3, 4, 5, 6, 7, 8, …; write 0 for none"
            ])
    }

    @Test(
        "Amounts keep their places, with exponents and far behind the point",
        arguments: [
            ("0", 0), ("1.5", 1_500_000_000_000), ("2.5E-1", 250_000_000_000), ("1e3", 1_000_000_000_000_000),
            ("0.0000004", 400_000), (".5", 500_000_000_000), ("3.", 3_000_000_000_000),
            ("0.00000000000000000000000000000000000001", 0),
            ("1.0000000000000000000000000000000000000000001", 1_000_000_000_000),
        ] as [(String, Int128)])
    func amounts(text: String, millionths: Int128) {
        #expect(UsageField.microdollarMillionths(text) == millionths)
    }

    @Test(
        "What is no amount is none",
        arguments: ["", ".", "-1", "1e", "e1", "1e99", "1,5", "0x1", "nan", "1.2.3", "1e20"])
    func noAmounts(text: String) {
        #expect(UsageField.microdollarMillionths(text) == nil)
    }
}
