// SPDX-License-Identifier: Apache-2.0

package import Drills
package import TrainingJobs

/// `nightshift drill --json`.
package struct DrillDocument: Codable, Sendable {
    package struct Verdict: Codable, Sendable {
        package var disturbance: String
        package var passed: Bool
        /// Units that each resume went on from; `null` for a start from zero.
        package var resumedFrom: [Double?]
        package var findings: [String]
        package var cause: String?
        package var likelyCause: String?
        package var whatToDo: String?
    }

    package struct Compared: Codable, Sendable {
        package var metric: String
        package var spread: Double
        package var limit: Double
        package var source: String
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var drill: String
    package var job: String
    package var at: Instant
    package var seconds: Double
    package var unit: String
    package var units: Double
    package var unitsOfJob: Double
    package var passed: Bool
    package var provesResume: Bool
    package var controlFailure: String?
    package var verdicts: [Verdict]
    package var compared: [Compared]
    package var modelIsRepeatable: Bool
    package var measurements: DrillMeasurements
    package var evidence: String

    /// `evidence` is the directory of the drill.
    package init(_ report: DrillReport, evidence: String) {
        drill = report.id
        job = report.job
        at = report.at
        seconds = report.took.realSeconds
        unit = report.unit
        units = report.units
        unitsOfJob = report.unitsOfJob
        passed = report.passed
        provesResume = report.provesResume
        controlFailure = report.controlFailure
        let words = DrillWords(report)
        verdicts = report.verdicts.map { verdict in
            let diagnosis = verdict.diagnosis.map(words.diagnosis)
            return Verdict(
                disturbance: verdict.run.name, passed: verdict.passed,
                resumedFrom: verdict.run.stays.dropFirst().map { $0.restored?.units },
                findings: verdict.findings.map(words.finding), cause: verdict.diagnosis?.cause.rawValue,
                likelyCause: diagnosis?.cause, whatToDo: diagnosis?.remedy)
        }
        compared = report.tolerances.map {
            Compared(metric: $0.metric, spread: $0.spread, limit: $0.limit, source: $0.source.rawValue)
        }
        modelIsRepeatable = report.modelIsRepeatable
        measurements = report.measurements
        self.evidence = evidence
    }
}
