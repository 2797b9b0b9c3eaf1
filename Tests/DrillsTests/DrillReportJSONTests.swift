// SPDX-License-Identifier: Apache-2.0

import Drills
import Reports
import ScriptedDrills
import Testing
import TrainingJobs

@Suite struct DrillReportJSONTests {
    @Test("a report can be read again, whatever it found")
    func roundTrip() throws {
        for report in [ScriptedDrill.passed, ScriptedDrill.failed, ScriptedDrill.controlFailed] {
            #expect(try NightJSON.document(DrillReport.self, from: NightJSON.line(report)) == report)
        }
    }

    @Test("values that are no numbers, or infinite, survive it")
    func notNumbers() throws {
        let odd: (Double) -> Double = { $0 == 6 ? .nan : $0 == 7 ? .infinity : $0 == 8 ? -.infinity : 1 / $0 }
        let report = ScriptedDrill.report(
            [
                ScriptedTraining.killed { _ in
                    [(5, .nan), (6, .nan), (7, -.infinity), (8, 0), (9, 1e308), (10, Double.leastNonzeroMagnitude)]
                }
            ],
            controls: (ScriptedTraining.control(loss: odd), ScriptedTraining.control("control-2", loss: odd)))
        let text = try NightJSON.line(report)
        let again = try NightJSON.document(DrillReport.self, from: text)
        // Not a number is not equal to itself; texts are.
        #expect(try NightJSON.line(again) == text)
        let values = again.verdicts[0].run.stays[1].values.map(\.value)
        #expect(
            values[0].isNaN && values[2] == -.infinity && values[4] == 1e308
                && values[5] == Double.leastNonzeroMagnitude)
        #expect(!again.passed)
    }

    @Test("every finding, cause and evidence survives it")
    func everyCase() throws {
        var report = ScriptedDrill.failed
        report.verdicts[0].findings = [
            .nothingSaved(unitsLost: 0.5), .startedOver(held: 4, first: 1), .skipped(unit: 5, next: 6),
            .repeated(unit: 4, held: 4),
            .metricDiffers(metric: "m", unit: 1, expected: .infinity, seen: -0.0, limit: 0, count: 2), .modelDiffers,
            .resumeCrashed("a"), .unfinished("b"), .notDisturbed, .nothingToCompare,
        ]
        let evidence: [Diagnosis.Evidence] = [
            .shifted(units: -1, metric: "m"), .learningRate(seen: 1, expected: 2, unit: 3),
            .comesBack(metric: "m", first: 1, last: 0), .aboveNoise(metric: "m", ratio: .infinity),
            .withinNoise(metric: "m", ratio: 1), .belowNoise(metric: "m", ratio: 0), .noOptimizerInCheckpoint,
            .noRandomStateInCheckpoint,
            .onlyWithinAnEpoch, .tornFile("f"), .otherSeed(seen: 1, expected: 2), .onlyModel,
        ]
        for cause in ResumeCause.allCases {
            report.verdicts[0].diagnosis = Diagnosis(cause, evidence)
            #expect(try NightJSON.document(DrillReport.self, from: NightJSON.line(report)) == report)
        }
    }

    @Test("a report of a later or an earlier form is an error, not a verdict", arguments: ["0", "2", "-1", "\"1\""])
    func otherForm(version: String) throws {
        let text = try NightJSON.line(ScriptedDrill.passed)
        #expect(text.contains("\"schemaVersion\":1,"))
        let other = text.replacing("\"schemaVersion\":1,", with: "\"schemaVersion\":\(version),")
        #expect(throws: DecodingError.self) { try NightJSON.document(DrillReport.self, from: other) }
        let none = text.replacing("\"schemaVersion\":1,", with: "")
        #expect(throws: DecodingError.self) { try NightJSON.document(DrillReport.self, from: none) }
    }

    @Test("a report that lacks its verdicts, or was cut off, is an error")
    func torn() throws {
        let text = try NightJSON.line(ScriptedDrill.passed)
        #expect(throws: (any Error).self) {
            try NightJSON.document(DrillReport.self, from: text.replacing("\"verdicts\":", with: "\"verdict\":"))
        }
        #expect(throws: (any Error).self) {
            try NightJSON.document(DrillReport.self, from: String(text.prefix(text.count / 2)))
        }
    }
}
