// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import NightshiftTesting
import Reports
import Testing
import TrainingJobs

@Suite struct MonthStudyTests {
    private static let month = MonthArithmetic(
        nights: 30, hours: .hours(4), onDemand: HourlyRate(microdollars: 33_000_000),
        spot: HourlyRate(microdollars: 10_000_000), interrupted: 3, redone: .minutes(20), fallback: 2)

    private static func study() async throws -> MonthStudy {
        let terms = Fixtures.terms()
        // Two nights in three are undisturbed, each third one loses its machine.
        let study = NightStudy(terms, under: Fixtures.conditions, width: 2) { number in
            Fixtures.market(
                spells: number % 3 == 0 ? [(0, 90, false), (100, 700, false)] : [(0, 700, false)], terms: terms)
        }
        let results = try await study.results(of: [.greedy, .onDemandOnly], nights: 12)
        return MonthStudy(
            terms: terms, arithmetic: month, sources: ["typed"], markets: ["a test"], result: results[0],
            onDemand: results[1])
    }

    @Test("a simulated month stands beside the arithmetic, with its spread and what happened in it")
    func view() async throws {
        let study = try await Self.study()
        #expect(study.interruptedNights == 10 && study.fallbackNights == 0 && study.lateNights == 0)
        #expect(study.spread.p10 < study.spread.p90 && study.spread.nights == 30)
        let text = MonthView(study).text
        for figure in ["$3,960.00", "$1,200.00", "$1,210.00", "$1,384.00", "$1,394.00"] {
            #expect(text.contains(figure))
        }
        for change in ["−69.70 %", "−69.44 %", "−65.05 %", "−64.80 %"] { #expect(text.contains(change)) }
        #expect(text.contains(" of 12 simulated nights: in a month 10.0 nights interrupted"))
        #expect(text.contains(" greedy") && text.contains(study.spread.p10.text))
        let document = try NightJSON.document(MonthDocument.self, from: try NightJSON.text(MonthDocument(study)))
        #expect(try NightJSON.text(document) == NightJSON.text(MonthDocument(study)))
        #expect(document.scenarios.map(\.cost.text).last == "$1,394.00")
    }

    @Test("a market that leaves nothing to chance has no percentiles, and a job of on-demand alone has one row")
    func point() async throws {
        let terms = Fixtures.terms(policy: .onDemandOnly)
        let study = NightStudy(terms, under: Fixtures.conditions, width: 1) { _ in
            Fixtures.market(spells: [], terms: terms)
        }
        let results = try await study.results(of: [.onDemandOnly], nights: 1)
        let month = MonthStudy(
            terms: terms, arithmetic: Self.month, sources: [], markets: [], result: results[0], onDemand: results[0])
        let text = MonthView(month).text
        #expect(text.contains("no spread: the market leaves nothing to chance") && !text.contains("p10"))
        #expect(text.split(separator: "\n").count { $0.hasPrefix(" on-demand ") } == 1)
    }

    @Test("what the simple arithmetic leaves out is said in the job's own figures")
    func omissions() {
        let sentences = MonthOmissions(Self.month, of: Fixtures.terms()).sentences
        #expect(
            sentences == [
                "restart overhead is billed: 10 min from \"capacity granted\" to progress, for each of 31 starts on Spot "
                    + "$1.67 and of 2 on on-demand $5.50, in all $62.67",
                "an interruption loses half a checkpoint interval on average: 6 min of 12 min, $3.00 in 3 nights, where "
                    + "the sum above has 20 min, $10.00; with the newest checkpoint torn, a whole interval more",
                "a night that falls back pays for its Spot time too and keeps that work: with half of it done, on-demand "
                    + "trains 2 h, which is $44.33 less than all of it on on-demand",
                "on-demand has to be waited for: 20 min by the job file, not billed, but the switch must come that much "
                    + "earlier (4 h 49 min before the deadline with all of the work left), while Spot is paid until the "
                    + "new machine trains",
                "the upload of the model is billed: 4 min, $0.67 a night on Spot",
            ])
    }
}
