// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One disturbance and what came of it.
package struct DisturbanceVerdict: Codable, Hashable, Sendable {
    package var run: DrillRun
    /// Empty for a run that passed.
    package var findings: [DrillFinding]
    package var diagnosis: Diagnosis?

    package init(run: DrillRun, findings: [DrillFinding], diagnosis: Diagnosis?) {
        self.run = run
        self.findings = findings
        self.diagnosis = diagnosis
    }

    package var passed: Bool { findings.isEmpty }
    package var disturbance: Disturbance? { run.disturbance }
}

/// A drill and its verdict, with all the evidence.
package struct DrillReport: Codable, Hashable, Sendable {
    package var schemaVersion = DrillForm()
    /// Names its directory; rises with time.
    package var id: String
    package var job: String
    package var at: Instant
    /// Real time that the drill took.
    @JSONSeconds package var took: Duration
    /// What a unit of progress is called: the progress metric's name.
    package var unit: String
    /// Units of progress that each run trained, and those of the whole job.
    package var units: Double
    package var unitsOfJob: Double
    package var controls: [DrillRun]
    /// Why the undisturbed runs give nothing to compare with; then nothing was disturbed.
    package var controlFailure: String?
    package var tolerances: [Tolerance]
    package var modelIsRepeatable: Bool
    package var verdicts: [DisturbanceVerdict]
    package var measurements: DrillMeasurements
    /// What was drilled: a change of it makes the verdict stale.
    package var subject: DrillSubject

    package init(
        id: String, job: String, at: Instant, took: Duration, unit: String, units: Double, unitsOfJob: Double,
        controls: [DrillRun],
        controlFailure: String?, tolerances: [Tolerance], modelIsRepeatable: Bool, verdicts: [DisturbanceVerdict],
        measurements: DrillMeasurements, subject: DrillSubject
    ) {
        self.id = id
        self.job = job
        self.at = at
        _took = JSONSeconds(wrappedValue: took)
        self.unit = unit
        self.units = units
        self.unitsOfJob = unitsOfJob
        self.controls = controls
        self.controlFailure = controlFailure
        self.tolerances = tolerances
        self.modelIsRepeatable = modelIsRepeatable
        self.verdicts = verdicts
        self.measurements = measurements
        self.subject = subject
    }

    /// Every ordered disturbance happened and was survived.
    package var passed: Bool {
        controlFailure == nil && !verdicts.isEmpty && verdicts.allSatisfy(\.passed)
    }

    /// Which disturbances were part of it; a drill of some of them proves only those.
    package var disturbances: [Disturbance] { verdicts.compactMap(\.disturbance) }

    /// A drill of everything, passed: what `requireDrill` asks for. Where models differ from run to run, limits set by
    /// hand prove nothing.
    package var provesResume: Bool {
        passed && Set(disturbances) == Set(Disturbance.allCases)
            && (modelIsRepeatable || tolerances.allSatisfy { $0.source != .given })
    }
}
