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

    @Test func `tripwires that fired are in both documents, and none are absent`() throws {
        let night = NightAt(ScriptedNights.kept(.tripwire))
        let report = try #require(ReportDocument(night.timeline, night.bill, at: night.now))
        let alarms = try #require(report.alarms)
        #expect(alarms == StatusDocument(night.summary).alarms)
        #expect(alarms.map(\.tripwire) == [.stalled, .badLoss])
        #expect(alarms.map(\.action) == ["restarted", "stopped"])
        #expect(alarms.map(\.generation) == [2, nil])
        #expect(alarms.map(\.units) == [11, 9])
        #expect(alarms[0].text.hasPrefix("no step for 31 min (limit 30 min) at 11 units: training was started again"))
        #expect(report.outcome?.reason == "tripwire")
        let quiet = NightAt(ScriptedNights.eventful)
        #expect(try !NightJSON.text(StatusDocument(quiet.summary)).contains("alarms"))
    }

    @Test func `documents can be read again`() throws {
        for events in [
            ScriptedNights.eventful, ScriptedNights.late, ScriptedNights.kept(.maxRun),
            ScriptedNights.failed(.refused("quota")), ScriptedNights.kept(.tripwire),
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
