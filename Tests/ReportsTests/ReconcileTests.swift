// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct ReconcileTests {
    /// A night of 34.45 dollars on two Spot machines, and one of another month.
    static let nights = [
        LedgerMonths.night("2026-11-25", ScriptedNights.cheap), LedgerMonths.night("2026-12-01", ScriptedNights.late),
    ]
    static let ledger = LedgerMonths.ledger(nights)

    static let head =
        "line_item_resource_id,line_item_usage_amount,line_item_unblended_cost,line_item_line_item_type,pricing_unit,"
        + "line_item_currency_code,resource_tags"

    static func line(
        _ resource: String, _ hours: String, _ cost: String, _ kind: String = "Usage", unit: String = "Hrs",
        tags: String = ""
    ) -> String {
        "\(resource),\(hours),\(cost),\(kind),\(unit),USD,\"\(tags.replacing("\"", with: "\"\""))\""
    }

    static func result(_ lines: [String]) throws -> Reconciliation {
        let text = ([head] + lines).joined(separator: "\n") + "\n"
        return Reconciliation(ledger, among: nights, with: [try ReconcileFile(text, name: "bill.csv")])
    }

    /// What the ledger has of a launch.
    static func share(_ key: String) -> (hours: FocusDecimal, cost: FocusDecimal) {
        let pieces = nights[0].account.pieces.filter { $0.key == key }
        return (
            FocusDecimal(hours: pieces.reduce(.zero) { $0 + $1.duration }),
            pieces.reduce(.zero) { $0 + FocusDecimal($1.cost) }
        )
    }

    static func arn(_ key: String) -> String { "arn:aws:sagemaker:eu-west-1:123456789012:training-job/\(key)" }

    static let keys = nights[0].launches

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
}
