// SPDX-License-Identifier: Apache-2.0

package import Drills
import TrainingJobs

/// Writes a training run by hand, line by line of its log; a line takes a second.
package struct ScriptedRun {
    private var run: DrillRun
    private var time = Duration.seconds(1)
    private var units = 0.0

    package init(_ disturbance: Disturbance?, name: String? = nil) {
        run = DrillRun(
            name: name ?? disturbance?.rawValue ?? "control-1", disturbance: disturbance, stays: [], model: nil,
            tornFile: nil)
    }

    /// A machine begins, with what it resumes from; `nil` is zero.
    package mutating func begin(from held: Double? = nil) {
        units = held ?? 0
        time = .seconds(1)
        run.stays.append(
            DrillStay(
                restored: held.map { RestoredPoint(generation: run.stays.count, units: $0) }, trainingAt: time,
                progress: [], values: [], commits: [], saves: [], end: .completed, crashes: [], lastWords: []))
    }

    /// A line of the log: its progress, if it tells one, and its metrics, in order.
    package mutating func line(_ told: Double? = nil, _ values: (String, Double)...) { line(told, values) }

    package mutating func line(_ told: Double?, _ values: [(String, Double)]) {
        time += .seconds(1)
        let last = run.stays.count - 1
        if let told {
            units = told
            run.stays[last].progress.append(ProgressMark(at: time, units: told))
        }
        run.stays[last].values += values.map {
            LoggedValue(metric: $0.0, value: $0.1, units: units, tellsProgress: told != nil)
        }
    }

    /// A checkpoint that is written in a tenth of a second and committed half a second later.
    package mutating func save(bytes: Int64 = 1000) {
        let last = run.stays.count - 1
        run.stays[last].saves.append(SaveSpan(from: time, until: time + .milliseconds(100)))
        run.stays[last].commits.append(DrillCommit(at: time + .milliseconds(500), units: units, bytes: bytes))
    }

    package mutating func end(_ end: DrillStay.End) { run.stays[run.stays.count - 1].end = end }

    package mutating func crash(_ crash: String, lastWords: [String] = []) {
        run.stays[run.stays.count - 1].crashes.append(crash)
        run.stays[run.stays.count - 1].lastWords = lastWords
    }

    package mutating func tear(_ path: String, replacesWholeFile: Bool) {
        run.tornFile = TornFile(path: path, replacedWholeFile: replacesWholeFile)
    }

    /// The finished run; without a digest it has no model.
    package func done(model digest: String? = "same") -> DrillRun {
        var run = run
        run.model = digest.map {
            ModelArtifact(at: Instant(iso8601: "2026-11-24T10:00:00Z")!, digest: $0, bytes: 10, path: "model")
        }
        return run
    }
}

/// A small training of ten units whose loss is known at each.
package enum ScriptedTraining {
    /// Falls, and scatters a little by itself: no two neighbours fit a line.
    package static func loss(_ unit: Double) -> Double {
        let scatter = [0.010, -0.013, 0.004, 0.012, -0.009, -0.004, 0.011][Int(unit.magnitude) % 7]
        return 1 / (1 + unit * 0.3) + scatter
    }

    package static let units = stride(from: 1.0, through: 10, by: 1)

    /// An undisturbed run that tells a loss at each unit and saves after it.
    package static func control(
        _ name: String = "control-1", model: String? = "same", loss: (Double) -> Double = loss
    ) -> DrillRun {
        var run = ScriptedRun(nil, name: name)
        run.begin()
        for unit in units {
            run.line(unit, ("loss", loss(unit)))
            run.save()
        }
        return run.done(model: model)
    }

    /// Killed after `held` units, resumed, and trained to the end. `resumed` tells what the resumed stay logs: progress
    /// and loss.
    package static func killed(
        _ disturbance: Disturbance = .kill, after held: Double = 4, resumedFrom restored: Double?? = nil,
        model: String? = "same", resumed: ((Double) -> [(unit: Double, loss: Double)])? = nil
    ) -> DrillRun {
        var run = ScriptedRun(disturbance)
        run.begin()
        for unit in units where unit <= held {
            run.line(unit, ("loss", loss(unit)))
            run.save()
        }
        run.end(.killed)
        run.begin(from: restored ?? held)
        let lines = resumed?(held) ?? units.filter { $0 > held }.map { ($0, loss($0)) }
        for line in lines { run.line(line.unit, ("loss", line.loss)) }
        return run.done(model: model)
    }

    /// Two equal undisturbed runs.
    package static var controls: (DrillRun, DrillRun) { (control(), control("control-2")) }
}
