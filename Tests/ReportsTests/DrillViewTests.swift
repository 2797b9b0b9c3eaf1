// SPDX-License-Identifier: Apache-2.0

import Drills
import Reports
import ScriptedDrills
import Testing
import TrainingJobs

@Suite struct DrillViewTests {
    @Test("a drill in a terminal: passed, failed, and without anything to compare")
    func terminal() throws {
        try Golden.expect(DrillView(ScriptedDrill.passed).text, "drill-passed.txt")
        try Golden.expect(DrillView(ScriptedDrill.failed).text, "drill-failed.txt")
        try Golden.expect(DrillView(ScriptedDrill.controlFailed).text, "drill-control-failed.txt")
        try Golden.expect(DrillView(Self.notRepeatable).text, "drill-not-repeatable.txt")
    }

    @Test("a drill as a page: passed, failed, and without anything to compare")
    func page() throws {
        try Golden.expect(DrillPage(ScriptedDrill.passed).html, "drill-passed.html")
        try Golden.expect(DrillPage(ScriptedDrill.failed).html, "drill-failed.html")
        try Golden.expect(DrillPage(ScriptedDrill.controlFailed).html, "drill-control-failed.html")
    }

    @Test("a page of a drill loads and runs nothing")
    func pageLoadsNothing() {
        let html = DrillPage(ScriptedDrill.failed).html
        #expect(html.contains(#"content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">"#))
        let links = html.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
        for forbidden in ["<script", "http:", "https:", "src=", "href=", "@import", "url(http", " onload="] {
            #expect(!links.contains(forbidden), Comment(rawValue: forbidden))
        }
    }

    @Test("the values behind the pictures are a table")
    func table() throws {
        try Golden.expect(DrillCSV.text(ScriptedDrill.report([ScriptedTraining.killed()])), "drill.csv")
    }

    @Test("documents of drills are the same to the byte, and can be read again")
    func documents() throws {
        for (report, name) in [
            (ScriptedDrill.passed, "drill-passed.json"), (ScriptedDrill.failed, "drill-failed.json"),
            (ScriptedDrill.controlFailed, "drill-control-failed.json"),
        ] {
            let text = try NightJSON.text(DrillDocument(report, evidence: "/state/drills/\(report.id)"))
            try Golden.expect(text, name)
            #expect(try NightJSON.text(NightJSON.document(DrillDocument.self, from: text)) == text)
        }
    }

    @Test("every finding and every cause in words")
    func words() throws {
        let words = DrillWords(ScriptedDrill.passed)
        let findings: [DrillFinding] = [
            .nothingSaved(unitsLost: 2.5), .startedOver(held: 4, first: 1), .skipped(unit: 5, next: 6),
            .repeated(unit: 4, held: 4),
            .metricDiffers(metric: "loss", unit: 7, expected: 0.25, seen: 0.5, limit: 0, count: 1),
            .metricDiffers(metric: "loss", unit: 7, expected: 0.25, seen: .nan, limit: 3e-17, count: 12),
            .modelDiffers, .resumeCrashed("KeyError: 'optimizer'"), .unfinished("exit code 1"), .notDisturbed,
            .nothingToCompare,
        ]
        let evidence: [Diagnosis.Evidence] = [
            .shifted(units: -1, metric: "loss"), .shifted(units: 2, metric: "loss"),
            .learningRate(seen: 0.1, expected: 0.025, unit: 5), .comesBack(metric: "loss", first: 0.8, last: 0.13333),
            .aboveNoise(metric: "loss", ratio: 61.234), .withinNoise(metric: "loss", ratio: 1),
            .belowNoise(metric: "loss", ratio: 0.000123), .noOptimizerInCheckpoint, .noRandomStateInCheckpoint,
            .onlyWithinAnEpoch,
            .tornFile("step-3/model.npz"), .otherSeed(seen: 7, expected: 42), .onlyModel,
        ]
        var lines = findings.map { "finding: \(words.finding($0))" }
        for cause in ResumeCause.allCases {
            let (cause, remedy) = words.diagnosis(Diagnosis(cause))
            lines += ["cause: \(cause)", "remedy: \(remedy)"]
        }
        lines += evidence.map { "evidence: \(words.diagnosis(Diagnosis(.unknown, [$0])).cause)" }
        try Golden.expect(lines.joined(separator: "\n") + "\n", "drill-words.txt")
    }

    @Test("what the last drill says of a job, in words")
    func standing() throws {
        let (at, id) = (ScriptedDrill.at, "id")
        let changes: [DrillSubject.Change] = [
            .file("train.py"), .hyperparameter("lr"), .environment("SEED"), .interpreter, .entryPoint,
        ]
        var lines: [String] = []
        for standing: DrillStanding in [
            .never, .failed(at: at, id: id), .partial(at: at, id: id), .changed(at: at, id: id, [.file("train.py")]),
            .changed(at: at, id: id, changes), .proven(at: at, id: id),
        ] {
            lines.append(DrillWords.standing(standing, at: at + .hours(1)))
        }
        for age: Duration in [.hours(-1), .zero, .minutes(59), .hours(1), .hours(47), .hours(48), .hours(24 * 400)] {
            lines.append(DrillWords.standing(.proven(at: at, id: id), at: at + age))
        }
        try Golden.expect(lines.joined(separator: "\n") + "\n", "drill-standing.txt")
    }

    /// Two undisturbed runs that differ a little, a limit that a person has set, and a notice that is too short.
    private static var notRepeatable: DrillReport {
        let controls = (
            ScriptedTraining.control(model: "one") { $0 == 3 ? 0 : ScriptedTraining.loss($0) },
            ScriptedTraining.control("control-2", model: "two") { $0 == 3 ? 1e-17 : ScriptedTraining.loss($0) }
        )
        var run = ScriptedTraining.killed(.notice, model: "three")
        run.stays[0].end = .noticed(after: JSONSeconds(wrappedValue: .seconds(131)), saved: true)
        func reading(_ run: DrillRun) -> DrillRun {
            var run = run
            for stay in run.stays.indices {
                run.stays[stay].values += run.stays[stay].values.map {
                    LoggedValue(metric: "accuracy", value: 1, units: $0.units, tellsProgress: true)
                }
            }
            return run
        }
        return ScriptedDrill.report(
            [reading(run)], controls: (reading(controls.0), reading(controls.1)), given: ["accuracy": 0.005])
    }
}
