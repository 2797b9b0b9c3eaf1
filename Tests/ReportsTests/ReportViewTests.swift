// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct ReportViewTests {
    static let kept: [KeptReason] = [.budget, .maxRun, .outOfTime, .stoppedByPerson, .tripwire]
    static let failures: [FailureReason] = [
        .training("exit code 1"), .checkpointsLost("generation 4 is gone"), .refused("quota 0 for p4d"),
    ]

    @Test func `every outcome is reported, time and money first`() throws {
        let nights =
            [ScriptedNights.eventful, ScriptedNights.cheap, ScriptedNights.late]
            + Self.kept.map(ScriptedNights.kept) + Self.failures.map { ScriptedNights.failed($0) }
        var text = ""
        for events in nights {
            let night = NightAt(events)
            let lines = try #require(ReportView(night.timeline, night.bill, at: night.now)).lines
            #expect(lines[0].contains("08:00") && lines[1].hasPrefix("$"))
            text += lines.joined(separator: "\n") + "\n\n"
        }
        try Golden.expect(text, "reports.txt")
    }

    @Test func `a night that still runs, and one that only waited`() throws {
        var text = ""
        for minutes in [5.0, 28, 300] {
            let night = NightAt(ScriptedNights.eventful, minutes: minutes)
            text += try #require(ReportView(night.timeline, night.bill, at: night.now)).text + "\n"
        }
        try Golden.expect(text, "reports-live.txt")
    }

    @Test func `nothing is reported of a night that was not opened`() {
        #expect(ReportView(Timeline(), Bill(), at: Instant(milliseconds: 0)) == nil)
    }

    @Test func `a machine that died is told apart from an interruption`() throws {
        var night = NightScript(ScriptedNights.terms())
        let key = night.launch(0, ScriptedNights.spotC)
        night.run(key, 3)
        night.end(key, 10, .lost)
        let view = try #require(ReportView(Timeline(night.events), Bill(night.events), at: night.at(11)))
        #expect(
            view.text.contains(
                " interruptions  no interruption; 1 machine died without a word (see what was said last: nightshift logs "
            ))
    }

    @Test func `hostile texts are shown, not obeyed`() throws {
        let night = NightAt(Hostile.night)
        let text =
            try #require(ReportView(night.timeline, night.bill, at: night.now)).text + MorningLine.text(night.summary)
        #expect(!text.unicodeScalars.contains(where: Hostile.isDangerous))
        #expect(text.contains("␛[2J␛[1;1Hnightshift: all is well"))
    }
}

@Suite struct MorningLineTests {
    @Test func `a night in one line`() {
        let lines = [
            ScriptedNights.cheap, ScriptedNights.late, ScriptedNights.kept(.budget),
            ScriptedNights.failed(.training("exit code 1")),
        ].map { MorningLine.text(NightAt($0).summary) }
        #expect(
            lines == [
                "recommender ready 04:08, 3 h 52 early, $34.45 (−66 %), 1 interruption, 24 min redone.",
                "recommender ready 08:34, 34 min late, $103.45 (±0 %), no interruption.",
                "recommender keeps the previous model: the budget is used up, $19.53 spent, no interruption.",
                "recommender failed: the training code fails: exit code 1, $1.89 spent, no interruption.",
            ])
        #expect(
            MorningLine.text(NightAt(ScriptedNights.eventful, minutes: 300).summary)
                == "recommender is not done at 04:00: training on Spot, $27.40 so far, 2 interruptions, 24 min redone.")
    }
}
