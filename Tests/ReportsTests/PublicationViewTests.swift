// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

/// Every view says which model is in service and why.
@Suite struct PublicationViewTests {
    private static let yesterday = "recommender-2026-11-23"
    private static var answers: [PublicationAnswer] {
        let terms = ScriptedNights.terms()
        return [
            .published(at: terms.deadline - .hours(2), replaces: yesterday),
            .published(at: terms.deadline - .hours(2), replaces: nil),
            .published(at: terms.deadline + .minutes(7), replaces: yesterday),
            .keptBack(.gate("rmse 1.21 is above 1.0"), inService: yesterday),
            .keptBack(.gate("rmse was never logged"), inService: nil), .keptBack(.late, inService: yesterday),
            .keptBack(.stoppedByPerson, inService: yesterday), .keptBack(.rolledBack, inService: yesterday),
            .failed("no space left on device", inService: yesterday),
        ]
    }

    @Test func `each answer in every view`() throws {
        let clock = ClockText(timeZone: "Europe/Dublin")
        var text = ""
        for answer in Self.answers {
            let night = NightAt(ScriptedNights.publication(answer))
            let summary = try #require(NightSummary(night.timeline, night.bill, at: night.now))
            let report = try #require(ReportView(night.timeline, night.bill, at: night.now)).lines
            let lines =
                ScriptedNights.publication(answer).suffix(4).compactMap { EventLine.text(for: $0, clock: clock) }
                + [MorningLine.text(summary)] + report.prefix(2)
                + report.filter { $0.hasPrefix(" ready") || $0.hasPrefix(" bill") || $0.hasPrefix(" in service") }
                + [
                    try NightJSON.line(try #require(StatusDocument(summary).publication)),
                    try NightJSON.line(try #require(StatusDocument(summary).outcome)),
                ]
            text += lines.joined(separator: "\n") + "\n\n"
        }
        try Golden.expect(text, "publications.txt")
    }

    @Test func `while it goes on, the phase says so`() throws {
        let events = ScriptedNights.publication(Self.answers[0]).dropLast(3)
        let night = NightAt(Array(events))
        let summary = try #require(NightSummary(night.timeline, night.bill, at: night.now))
        #expect(summary.phase == .publishing)
        #expect(StatusDocument(summary).phase == "publishing")
        #expect(
            LiveView(summary, width: 100, style: .ascii).lines[0].contains("putting the model into service"))
    }

    @Test func `what a gate says cannot drive a terminal or a page`() throws {
        let events = ScriptedNights.publication(.keptBack(.gate(Hostile.all), inService: Hostile.all))
        let night = NightAt(events)
        let summary = try #require(NightSummary(night.timeline, night.bill, at: night.now))
        let clock = ClockText(timeZone: "Europe/Dublin")
        var texts = events.compactMap { EventLine.text(for: $0, clock: clock) } + [MorningLine.text(summary)]
        texts += try #require(ReportView(night.timeline, night.bill, at: night.now)).lines
        texts.append(PublicationWords.reason(.gate(Hostile.all)))
        for text in texts { #expect(!text.unicodeScalars.contains(where: Hostile.isDangerous), "\(text)") }
        let page = try #require(NightPage(events, at: night.now)).html
        #expect(!page.contains("<script>") && !page.contains("<img"))
    }

    @Test func `a list of models and one of them`() throws {
        let records = Self.records
        var text = ModelsView(records, inService: records[1].night, timeZone: "Europe/Dublin").text + "\n"
        for record in records {
            let document = ModelDocument(
                record, isInService: record.night == records[1].night, path: "/models/\(record.night)/model",
                verified: record.night == records[0].night ? nil : true)
            text += ModelView(document, timeZone: "Europe/Dublin").text + "\n"
        }
        text += try NightJSON.text(ModelsDocument(records, inService: records[1].night))
        try Golden.expect(text, "models.txt")
    }

    @Test func `the plan names what a model will have to pass`() throws {
        let gate = PublishGate(
            metric: MetricGate(name: "rmse", bound: .atMost(1), percentWorse: 2), command: ["python3", "gate.py"],
            timeout: .minutes(10))
        let plan = PlanView(
            ScriptedNights.terms(),
            publishing: PublishSettings(pack: true, whenLate: .keepPrevious, gate: gate))
        #expect(
            plan.lines.last
                == " publish  if rmse is at most 1.0, at most 2.0 % worse than in service; if `python3 gate.py` agrees "
                + "within 10 min; not when late; with model.tar.gz")
    }

    private static var records: [ModelRecord] {
        let terms = ScriptedNights.terms()
        return [("recommender-2026-11-25", 4.0), ("recommender-2026-11-24", 3)].map { night, hours in
            var lineage = ModelLineage()
            lineage.trainingStarted(
                "\(night)-a1", on: ScriptedNights.spotC,
                TrainingStart(at: terms.start, generation: nil, units: 0, passedOver: []))
            lineage.committed("\(night)-a1", 1)
            lineage.committed("\(night)-a1", 2)
            lineage.trainingStarted(
                "\(night)-a2", on: ScriptedNights.onDemand,
                TrainingStart(at: terms.start + .hours(1), generation: 2, units: 8, passedOver: []))
            let model = ModelArtifact(
                at: terms.start + .hours(Int(hours)), digest: String(repeating: "ab", count: 32), bytes: 2_000_000,
                path: "/models/\(night)/model")
            let order = PublicationOrder(
                night: night, job: "recommender", key: "\(night)-a2", epoch: 2, model: model, deadline: terms.deadline,
                lineage: lineage, cost: Money(microdollars: 47_203_100), baseline: Money(microdollars: 103_000_000),
                baselineMeasured: true)
            var record = ModelRecord(
                order: order, files: 3, sourceDigest: hours == 4 ? nil : String(repeating: "0f", count: 32),
                hyperparameters: [.init(name: "epochs", json: "20"), .init(name: "api_key", json: nil)],
                metrics: [.init(name: "rmse", value: hours == 4 ? 1.21 : 0.94, at: terms.start, attempt: 2)])
            if hours == 4 {
                record.decision = .keptBack(.gate("rmse 1.21 is above 1.0"))
            } else {
                record.decision = .published(at: terms.start + .hours(3), byPerson: false)
                record.replaces = yesterday
                record.gate = "rmse 0.94 is at most 1.0"
                record.pack = .init(bytes: 1_900_000, sha256: String(repeating: "c4", count: 32))
            }
            return record
        }
    }
}
