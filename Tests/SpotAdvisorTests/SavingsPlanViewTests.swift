// SPDX-License-Identifier: Apache-2.0

import Reports
import SpotAdvisor
import Testing
import TrainingJobs

@Suite struct SavingsPlanViewTests {
    private static func words(
        _ usage: UsageHours, from file: String = "none was given", given: Bool = true
    ) -> SavingsPlanWords {
        let job = SavingsPlanJob(
            instanceType: "ml.p4d.24xlarge", onDemandRate: HourlyRate(microdollars: 25_251_286), start: .hours(22),
            deadline: .hours(8), runtime: .hours(4),
            spot: SavingsPlanJob.Spot(
                cost: Money(microdollars: 30_303_000), fallbackNights: 100, fallback: .hours(4)))
        let discounts = [300_000, 500_000, 640_000].map { SavingsPlanDiscount(partsPerMillion: $0) }
        return SavingsPlanWords(
            SavingsPlanAdvice(job, under: .sageMaker, beside: usage, at: discounts), job: "recommender",
            prices: "a test, 2026-09-01", usage: file,
            discountsAreGiven: given)
    }

    @Test("For the job alone the sum is written out, and nothing is to be committed to")
    func alone() {
        let text = SavingsPlanView(Self.words(.none)).text
        #expect(text.hasPrefix("recommender: no SageMaker Savings Plan pays, neither for this job nor beside it\n"))
        for line in [
            " 30 %      16 h 48 a day  $17.675901/h  $12,726.65       4.200 ×",
            " 50 %      12 h 00 a day  $12.625643/h   $9,090.46       3.000 ×",
            " 64 %       8 h 38 a day   $9.090463/h   $6,545.13       2.160 ×",
            " a commitment is paid every hour, used or not: 720 h × $17.675901/h = $12,726.65, against 30 × $101.01 = "
                + "$3,030.15 on on-demand",
            " no plan   on Spot             none     $1,212.11        $1,212.11  $0.00   $0.00",
            " commit to nothing: 4 h 00 a night is 16 % of the hours; say what else you use with --usage, and the sum is made "
                + "with it",
        ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    }

    @Test("Beside usage by day, Spot goes on top and the commitment pays for the fallback too")
    func beside() {
        let usage = UsageHours(clock: .local, firstHour: 0, hours: (0..<24).map { $0 < 8 ? 0 : 30_000_000 })
        let text = SavingsPlanView(Self.words(usage, from: "usage.csv: a profile of 24 hours")).text
        #expect(
            text.hasPrefix(
                "recommender: Spot for this job, and a SageMaker Savings Plan under your other usage and the fallback "
                    + "at a discount of 50 %, 64 %\n"), "\(text)")
        #expect(text.contains("; your other usage alone asks for the same commitment\n"), "\(text)")
    }

    @Test("The smallest discount that pays is advised at, and one that nobody gave is said not to be known")
    func smallestDiscount() {
        let usage = UsageHours(clock: .local, firstHour: 0, hours: (0..<24).map { $0 < 8 ? 0 : 30_000_000 })
        let given = SavingsPlanView(Self.words(usage)).text
        #expect(given.contains("\n at 50 %: commit "), "\(given)")
        let assumed = SavingsPlanView(Self.words(usage, given: false)).text
        #expect(
            assumed.contains(
                "\n at 50 % (the smallest of these that pays; yours is not known: look it up before you commit): commit "
            ),
            "\(assumed)")
        let thin = UsageHours(clock: .local, firstHour: 0, hours: (0..<24).map { $0 < 14 ? 0 : 30_000_000 })
        let most = SavingsPlanView(Self.words(thin, given: false)).text
        #expect(most.contains("\n at 64 % (the most that is published for any type; yours is not known:"), "\(most)")
    }

    @Test("A file's name drives no terminal and no page")
    func hostile() {
        let words = Self.words(.none, from: "\u{1B}[2J<script>")
        #expect(!SavingsPlanView(words).text.contains("\u{1B}"))
        #expect(!SavingsPlanPage(words).html.contains("<script>"))
    }

    @Test("The document's parts make its totals")
    func document() throws {
        let text = try NightJSON.text(SavingsPlanDocument(Self.words(.none)))
        let document = try NightJSON.document(SavingsPlanDocument.self, from: text)
        #expect(document.schemaVersion == 1 && document.cases.map(\.discount) == [0.3, 0.5, 0.64])
        for one in document.cases {
            #expect(one.options.map(\.layer) == [.none, .jobAlone, .onDemand, .spotOnTop])
            #expect(one.recommended == .none && one.saving == .zero)
            #expect(one.options[0].commitmentPerHour == .zero && one.options[0].total == document.spot)
            for option in one.options {
                let hours = option.hoursUsedWhole + option.hoursUsedInPart + option.hoursUnused
                #expect(abs(hours - 720) < 1e-6)
            }
        }
    }
}
