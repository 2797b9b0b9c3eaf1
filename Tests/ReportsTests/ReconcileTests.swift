// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct ReconcileTests {
    /// A night of 34.45 dollars on two Spot machines, and one of another month.
    private static let nights = [
        LedgerMonths.night("2026-11-25", ScriptedNights.cheap), LedgerMonths.night("2026-12-01", ScriptedNights.late),
    ]
    private static let ledger = LedgerMonths.ledger(nights)

    private static let head =
        "line_item_resource_id,line_item_usage_amount,line_item_unblended_cost,line_item_line_item_type,pricing_unit,"
        + "line_item_currency_code,resource_tags"

    private static func line(
        _ resource: String, _ hours: String, _ cost: String, _ kind: String = "Usage", unit: String = "Hrs",
        tags: String = ""
    ) -> String {
        "\(resource),\(hours),\(cost),\(kind),\(unit),USD,\"\(tags.replacing("\"", with: "\"\""))\""
    }

    private static func result(_ lines: [String]) throws -> Reconciliation {
        let text = ([head] + lines).joined(separator: "\n") + "\n"
        return Reconciliation(ledger, among: nights, with: [try ReconcileFile(text, name: "bill.csv")])
    }

    /// What the ledger has of a launch.
    private static func share(_ key: String) -> (hours: FocusDecimal, cost: FocusDecimal) {
        let pieces = nights[0].account.pieces.filter { $0.key == key }
        return (
            FocusDecimal(hours: pieces.reduce(.zero) { $0 + $1.duration }),
            pieces.reduce(.zero) { $0 + FocusDecimal($1.cost) }
        )
    }

    private static func arn(_ key: String) -> String { "arn:aws:sagemaker:eu-west-1:123456789012:training-job/\(key)" }

    private static let keys = nights[0].launches

    @Test("a bill in CUR 2.0 that has the same machines, hours and costs settles the month")
    func agrees() throws {
        let lines = Self.keys.map { Self.line(Self.arn($0), Self.share($0).hours.text, Self.share($0).cost.text) }
        let result = try Self.result(lines)
        #expect(result.isSettled && result.here == result.there && result.formats == [.cur])
        // Hours that were rounded in another place are no difference.
        let rounded = Self.keys.map { key in
            let hours = FocusDecimal(units: Self.share(key).hours.units + 1_000_000_000)
            return Self.line(Self.arn(key), hours.text, Self.share(key).cost.text)
        }
        #expect(try Self.result(rounded).isSettled)
        #expect(ReconcileView(result).text.contains("they agree: the month is settled"))
    }

    @Test("a dearer price, a longer stay, a missing machine and other charges are told apart")
    func causes() throws {
        let (first, second) = (Self.share(Self.keys[0]), Self.share(Self.keys[1]))
        let cent = FocusDecimal(Money(microdollars: 10_000))
        let dearer = try Self.result([
            Self.line(Self.arn(Self.keys[0]), first.hours.text, (first.cost + cent).text),
            Self.line(Self.arn(Self.keys[1]), second.hours.text, second.cost.text),
        ])
        #expect(dearer.nights[0].causes == [.price: cent])
        let twice = try Self.result([
            Self.line(Self.arn(Self.keys[0]), (first.hours + first.hours).text, (first.cost + first.cost).text),
            Self.line(Self.arn(Self.keys[1]), second.hours.text, second.cost.text),
            Self.line(Self.arn(Self.keys[1]), "12.5", "0.29", unit: "GB-Mo"),
            Self.line(Self.arn(Self.keys[1]), "1", "-0.04", "Credit"),
        ])
        #expect(twice.nights[0].causes == [.time: first.cost, .otherCharges: FocusDecimal("0.25")!])
        let missing = try Self.result([Self.line(Self.arn(Self.keys[0]), first.hours.text, first.cost.text)])
        #expect(missing.nights[0].causes == [.missingThere: .zero - second.cost])
        #expect(ReconcileView(missing).text.contains("the month is provisional"))
    }

    @Test("a line without a resource of ours is found by its tag, in every spelling of a bill")
    func tags() throws {
        let sum = Self.keys.map(Self.share).reduce((FocusDecimal.zero, FocusDecimal.zero)) {
            ($0.0 + $1.hours, $0.1 + $1.cost)
        }
        for key in ["nightshift:night", "user:nightshift:night", "user_nightshift_night"] {
            let tags = "{\"team\":\"ml\",\"\(key)\":\"\(Self.nights[0].id)\"}"
            let result = try Self.result([Self.line("i-0abc", sum.0.text, sum.1.text, tags: tags)])
            #expect(result.isSettled, "\(key): \(result.nights)")
        }
    }

    @Test("a machine of ours that the journal does not know is missing here; other months and strangers are left out")
    func strangers() throws {
        let result = try Self.result([
            Self.line(Self.arn("recommender-2026-11-07-a3"), "1", "7.1"),
            Self.line("i-1", "1", "0.2", tags: "{\"nightshift:night\":\"lost-2026-11-01\"}"),
            Self.line(Self.arn(Self.nights[1].launches[0]), "4", "96.1"), Self.line("i-2", "1", "3"),
            Self.line(Self.arn("someone-elses-a3"), "1", "4"),
        ])
        #expect(result.nights.dropFirst().map(\.id) == ["lost-2026-11-01", "recommender-2026-11-07"])
        #expect(result.sum(of: .missingHere).text == "7.3")
        #expect(result.leftOut(.otherMonth).lines == 1 && result.leftOut(.otherMonth).cost.text == "96.1")
        #expect(result.leftOut(.foreign).lines == 2 && result.leftOut(.foreign).cost.text == "7")
    }

    @Test("a file that cannot be compared is refused, with every problem at its line")
    func refused() {
        func problems(_ text: String) -> [String] {
            do {
                _ = try ReconcileFile(text, name: "bill.csv")
                return []
            } catch { return error.problems }
        }
        #expect(problems("") == ["bill.csv:1: the file is empty; give a CSV export of CUR 2.0 or FOCUS"])
        #expect(problems("a,b\n1,2\n")[0].hasPrefix("bill.csv:1: neither CUR 2.0"))
        #expect(
            problems("BilledCost,ResourceId\n") == [
                "bill.csv:1: PricingQuantity: this column is missing; add it to the export",
                "bill.csv:1: PricingUnit: this column is missing; add it to the export",
                "bill.csv:1: ChargeCategory: this column is missing; add it to the export",
                "bill.csv:1: BillingCurrency: this column is missing; add it to the export",
            ])
        let wrong = problems(
            Self.head + "\nx,one,2,Usage,Hrs,USD,{}\n\"two\nlines\",1,$3,Usage,Hrs,EUR,{}\nx,1,2\n")
        #expect(
            wrong == [
                "bill.csv:2:line_item_usage_amount: must be a decimal number, not \"one\"",
                "bill.csv:3:line_item_currency_code: EUR; only USD can be compared",
                "bill.csv:3:line_item_unblended_cost: must be a decimal number, not \"$3\"",
                "bill.csv:5: has 3 cells where the header has 7",
            ])
        #expect(problems(Self.head + "\n\"x,1") == ["bill.csv:2: a quote is opened and never closed"])
    }

    @Test("hourly lines of ten decimals settle, as a bill has them; what rounding leaves is booked as that")
    func hourly() throws {
        // 4 h 14 min at $7.575386 an hour, cut at full hours.
        let rate = HourlyRate(microdollars: 7_575_386)
        var night = LedgerRuleTests.script("ec2")
        let key = night.launch(0, LedgerRuleTests.offer("ec2", .spot))
        night.run(key, 2)
        night.end(
            key, 256, .stopped, usage: [Usage(from: night.at(2), until: night.at(256), rate: rate)])
        let entry = LedgerMonths.night("2026-11-25", night.events)
        let lines = [("0.9666666667", "7.3228731333"), ("1", "7.575386"), ("1", "7.575386"), ("1", "7.575386")].map {
            Self.line(Self.arn(entry.launches[0]), $0.0, $0.1)
        }
        let rest = Self.line(Self.arn(entry.launches[0]), "0.2666666667", "2.0201029333")
        let text = ([Self.head] + lines + [rest]).joined(separator: "\n")
        let result = Reconciliation(
            LedgerMonths.ledger([entry]), among: [entry], with: [try ReconcileFile(text, name: "bill.csv")])
        #expect(Set(result.nights[0].causes.keys) == [.rounding] && result.isSettled)
        #expect(result.here + result.sum(of: .rounding) == result.there)
        #expect(ReconcileView(result).text.contains("they agree: the month is settled"))
        // A whole micro-dollar more than rounding can make is a price.
        let dearer = text.replacing("2.0201029333", with: "2.0201079333")
        let other = Reconciliation(
            LedgerMonths.ledger([entry]), among: [entry], with: [try ReconcileFile(dearer, name: "bill.csv")])
        #expect(Set(other.nights[0].causes.keys) == [.price] && !other.isSettled)
        #expect(ReconcileView(other).text.contains("the bill has $0.0000050666 more"), "\(ReconcileView(other).text)")
    }

    @Test("a bill that is smaller says less, and one that is equal only in sum says so")
    func words() throws {
        let (first, second) = (Self.share(Self.keys[0]), Self.share(Self.keys[1]))
        let cent = FocusDecimal(Money(microdollars: 10_000))
        let less = try Self.result([
            Self.line(Self.arn(Self.keys[0]), first.hours.text, (first.cost - cent).text),
            Self.line(Self.arn(Self.keys[1]), second.hours.text, second.cost.text),
        ])
        #expect(ReconcileView(less).text.contains("the bill has $0.01 less than"))
        let moved = try Self.result([
            Self.line(Self.arn(Self.keys[0]), first.hours.text, (first.cost - cent).text),
            Self.line(Self.arn(Self.keys[1]), second.hours.text, second.cost.text),
            Self.line("i-1", "1", cent.text, tags: "{\"nightshift:night\":\"lost-2026-11-01\"}"),
        ])
        #expect(ReconcileView(moved).text.contains("in all, but not night by night"))
    }

    @Test(
        "with one job asked for, nights of other jobs and months are known and no alarm, in the journal or by their id")
    func otherJobs() throws {
        var other = LedgerMonths.night("2026-11-25", ScriptedNights.cheap)
        other.job = "ranker"
        other.id = "ranker-2026-11-25"
        other.launches = ["ranker-2026-11-25-a1"]
        let text =
            ([Self.head]
            + [
                Self.line(Self.arn(other.launches[0]), "1", "7"),
                Self.line("i-1", "1", "5", tags: "{\"nightshift:night\":\"ranker-2026-11-02\"}"),
                Self.line("i-2", "1", "3", tags: "{\"nightshift:night\":\"recommender-2026-10-05.2\"}"),
                Self.line(Self.arn("recommender-2026-10-06-a1"), "1", "2"),
                Self.line("i-3", "1", "1", tags: "{\"nightshift:night\":\"recommender-2026-11-05\"}"),
            ]).joined(separator: "\n")
        let file = try ReconcileFile(text, name: "bill.csv")
        let result = Reconciliation(Self.ledger, among: Self.nights + [other], of: "recommender", with: [file])
        #expect(result.leftOut(.otherJob).lines == 2 && result.leftOut(.otherJob).cost.text == "12")
        #expect(result.leftOut(.otherMonth).lines == 2 && result.sum(of: .missingHere).text == "1")
        let all = Reconciliation(Self.ledger, among: Self.nights, with: [file])
        #expect(all.nights.dropFirst().map(\.id) == ["ranker-2026-11-02", "recommender-2026-11-05"])
    }

    @Test("two files are one bill, in whichever formats; a rehearsal that is billed is left out and told")
    func files() throws {
        let rehearsal = LedgerMonths.night("2026-11-24", LedgerRuleTests.whole("local"), on: "local")
        let nights = Self.nights + [rehearsal]
        let ledger = LedgerMonths.ledger(nights)
        let first = try ReconcileFile(
            Self.head + "\n" + Self.line(Self.arn(Self.keys[0]), Self.share(Self.keys[0]).hours.text, "0"), name: "a")
        let second = try ReconcileFile(FocusExport(ledger, withRehearsals: true).csv, name: "b")
        let result = Reconciliation(ledger, among: nights, with: [first, second])
        #expect(result.formats == [.cur, .focus] && result.leftOut(.rehearsal).cost == FocusDecimal(rehearsal.cost))
        #expect(result.nights.map(\.id) == [Self.nights[0].id])
        #expect(ReconcileView(result).text.contains("of rehearsals, which nobody should bill, $26.00"))
    }

    @Test("numbers that no bill has are refused at their line, and never trap")
    func large() throws {
        func problems(_ lines: [String]) -> [String] {
            do {
                _ = try ReconcileFile(([Self.head] + lines).joined(separator: "\n"), name: "bill.csv")
                return []
            } catch { return error.problems }
        }
        let big = "100000000000000000"
        #expect(
            problems([Self.line("x", "1", big), Self.line("x", "-\(big)", "1")]) == [
                "bill.csv:2:line_item_unblended_cost: must be between −1000000000000 and that, not \(big)",
                "bill.csv:3:line_item_usage_amount: must be between −1000000000000 and that, not -\(big)",
            ])
        let many = Array(repeating: Self.line(Self.arn(Self.keys[0]), "999999999999", "1"), count: 200)
        #expect(
            problems(many) == [
                "bill.csv:3: with this line the file's costs or hours are more than 1000000000000"
            ])
        let most = try Self.result([Self.line(Self.arn(Self.keys[0]), "1000000000000", "1000000000000")])
        let causes = most.nights[0].causes.values.reduce(FocusDecimal.zero, +)
        #expect(most.here + causes == most.there)
    }

    @Test("EC2's free hour, SageMaker's billable seconds and Batch's stays agree with a bill that has them")
    func rules() throws {
        let nights = [
            LedgerMonths.night("2026-11-23", LedgerRuleTests.taken("ec2")),
            LedgerMonths.night("2026-11-24", LedgerRuleTests.whole("sagemaker", billed: 65)),
            LedgerMonths.night("2026-11-25", LedgerRuleTests.taken("batch")),
        ]
        let ledger = LedgerMonths.ledger(nights)
        let lines = [
            Self.line(Self.arn(nights[0].launches[1]), "3.9333333333", "23.6"),
            Self.line(Self.arn(nights[1].launches[0]), "3900", "26", unit: "seconds"),
            Self.line(Self.arn(nights[2].launches[1]), "3.9333333333", "23.6"),
        ]
        let text = ([Self.head] + lines).joined(separator: "\n")
        for file in [text, FocusExport(ledger).csv] {
            let result = Reconciliation(ledger, among: nights, with: [try ReconcileFile(file, name: "bill.csv")])
            #expect(result.isSettled && result.there.text == "73.2", "\(result.nights)")
        }
    }
}
