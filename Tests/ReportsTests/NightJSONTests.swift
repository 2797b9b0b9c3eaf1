// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct NightJSONTests {
    @Test func `documents are the same to the byte`() throws {
        let live = NightAt(ScriptedNights.eventful, minutes: 300)
        try Golden.expect(try NightJSON.text(StatusDocument(live.summary)), "status.json")
        let done = NightAt(ScriptedNights.eventful)
        let report = try #require(ReportDocument(done.timeline, done.bill, at: done.now))
        try Golden.expect(try NightJSON.text(report), "report.json")
        let decision = try #require(DecisionDocument(done.timeline, at: done.summary.terms.start + .minutes(355)))
        try Golden.expect(try NightJSON.text(decision), "decision.json")
    }

    @Test func `documents can be read again`() throws {
        for events in [
            ScriptedNights.eventful, ScriptedNights.late, ScriptedNights.kept(.maxRun),
            ScriptedNights.failed(.refused("quota")),
        ] {
            let night = NightAt(events)
            let status = StatusDocument(night.summary)
            // Money is rounded to the micro-dollar in JSON, so the texts are compared and not the values.
            let statusAgain = try NightJSON.document(StatusDocument.self, from: NightJSON.text(status))
            #expect(try NightJSON.text(statusAgain) == NightJSON.text(status))
            let report = try #require(ReportDocument(night.timeline, night.bill, at: night.now))
            let again = try NightJSON.document(ReportDocument.self, from: NightJSON.text(report))
            #expect(try NightJSON.text(again) == NightJSON.text(report))
            #expect(again.schemaVersion == 1)
        }
    }

    @Test func `hostile texts are escaped without loss`() throws {
        let night = NightAt(Hostile.night)
        let text = try NightJSON.text(StatusDocument(night.summary))
        #expect(!text.unicodeScalars.contains(where: Hostile.isDangerous))
        #expect(try NightJSON.document(StatusDocument.self, from: text).job == Hostile.all)
    }
}
