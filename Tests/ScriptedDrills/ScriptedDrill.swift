// SPDX-License-Identifier: Apache-2.0

package import Drills
package import TrainingJobs

/// Whole drills, judged, for the views and for files.
package enum ScriptedDrill {
    package static let at = Instant(iso8601: "2026-11-24T10:45:12Z")!

    package static let job = TrainingJob(
        name: "recommender", entryPoint: "train.py", sourceDirectory: "/job", interpreter: ["python3"],
        hyperparameters: [Hyperparameter(name: "epochs", json: "20"), Hyperparameter(name: "lr", json: "0.05")],
        environment: ["TOKEN": "secret"], inputChannels: [],
        checkpoint: CheckpointSettings(
            localPath: "/opt/ml/checkpoints", uri: "/store", interval: .minutes(10), expectedBytes: nil, keep: 2),
        outputPath: "/models",
        schedule: NightSchedule(startMinutes: 0, deadlineMinutes: 480, timeZone: "UTC"), expectedRuntime: .hours(1),
        maxRun: .hours(4), maxWait: .hours(8), budgetPerNight: nil,
        metricDefinitions: [MetricDefinition(name: "loss", regex: "loss=([0-9.]+)")],
        progress: .metric(name: "epoch", total: 20), restartOverhead: .minutes(5), onDemandWait: .minutes(5),
        uploadTime: .minutes(1), safetyMargin: .minutes(10), failureCost: nil, policy: .uniformProgress, offers: [],
        market: nil)

    package static let subject = DrillSubject(of: job, files: ["train.py": "aa", "lib/data.py": "bb"]) {
        "digest of \($0.utf8.count) bytes"
    }

    /// Judges runs as a drill does.
    package static func report(
        _ runs: [DrillRun], controls: (DrillRun, DrillRun) = ScriptedTraining.controls, failure: String? = nil,
        id: String = "2026-11-24T10.45.12Z", job: String = "recommender", given: [String: Double] = [:]
    ) -> DrillReport {
        let judge = DrillJudge(controls: controls, given: given, ignored: [], hints: nil)
        return DrillReport(
            id: id, job: job, at: at, took: .milliseconds(83_400), unit: "epoch", units: 10, unitsOfJob: 20,
            controls: [controls.0, controls.1], controlFailure: failure,
            tolerances: failure == nil ? judge.tolerances : [],
            modelIsRepeatable: failure == nil && judge.modelIsRepeatable,
            verdicts: failure == nil ? judge.judge(runs) : [],
            measurements: DrillMeasurements(controls: [controls.0, controls.1], disturbed: runs), subject: subject)
    }

    /// All five disturbances, survived.
    package static var passed: DrillReport { report(survivors) }

    package static var survivors: [DrillRun] {
        Disturbance.allCases.map { disturbance in
            switch disturbance {
            case .kill: return ScriptedTraining.killed()
            case .killInSave:
                var run = ScriptedTraining.killed(.killInSave, after: 2)
                run.tornFile = TornFile(path: "step-3/model.npz", replacedWholeFile: false)
                return run
            case .notice:
                var run = ScriptedTraining.killed(.notice, after: 5)
                run.stays[0].end = .noticed(after: JSONSeconds(wrappedValue: .milliseconds(420)), saved: true)
                return run
            case .killTwice: return twice
            case .killAtStart:
                return ScriptedTraining.killed(.killAtStart, after: 0, resumedFrom: .some(nil))
            }
        }
    }

    private static var twice: DrillRun {
        var run = ScriptedRun(.killTwice)
        let parts: [(from: Double?, through: Double)] = [(nil, 2), (2, 5), (5, 10)]
        for (from, through) in parts {
            run.begin(from: from)
            for unit in ScriptedTraining.units where unit > from ?? 0 && unit <= through {
                run.line(unit, ("loss", ScriptedTraining.loss(unit)))
                run.save()
            }
            if through < 10 { run.end(.killed) }
        }
        return run.done()
    }

    /// Everything that can go wrong, a run each.
    package static var failed: DrillReport {
        let loss = ScriptedTraining.loss
        var torn = ScriptedTraining.killed(.killInSave, model: nil) { _ in [] }
        torn.tornFile = TornFile(path: "model.npz", replacedWholeFile: true)
        torn.stays[1].crashes = ["exit code 1"]
        torn.stays[1].lastWords = ["Traceback (most recent call last):", "EOFError: Ran out of input"]
        torn.stays[1].end = .failed("exit code 1, 3 times")
        var noticed = ScriptedTraining.killed(.notice) { _ in
            ScriptedTraining.units.map { ($0, loss($0)) }
        }
        noticed.stays[0].end = .noticed(after: JSONSeconds(wrappedValue: .milliseconds(130)), saved: false)
        return report([
            ScriptedTraining.killed(model: "other") { held in
                ScriptedTraining.units.filter { $0 > held }.map { ($0, loss($0) + 0.8 / ($0 - 4)) }
            },
            torn, noticed,
            ScriptedTraining.killed(.killTwice) { held in
                ScriptedTraining.units.filter { $0 > held + 1 }.map { ($0, loss($0 - 1)) }
            },
            ScriptedTraining.killed(.killAtStart, after: 0, resumedFrom: .some(nil)),
        ])
    }

    /// Nothing could be compared.
    package static var controlFailed: DrillReport {
        report([], failure: "exit code 1, 3 times: ModuleNotFoundError: No module named 'torch'")
    }
}
