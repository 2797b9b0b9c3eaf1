// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

/// Bills as clouds write them: rounded, of several months and jobs, by rules of their own.
extension ReconcileTests {
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
