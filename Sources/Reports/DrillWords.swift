// SPDX-License-Identifier: Apache-2.0

package import Drills
package import TrainingJobs

/// Disturbances, findings and causes in words. Texts from outside are sanitised here.
package struct DrillWords: Sendable {
    /// What a unit of progress is called.
    private let unit: String

    package init(_ report: DrillReport) { unit = TerminalText.sanitized(report.unit) }

    /// `epoch 2.5`
    private func at(_ units: Double) -> String { "\(unit) \(NumberText.exact(units))" }

    package static func disturbance(_ disturbance: Disturbance) -> String {
        switch disturbance {
        case .kill: "killed between checkpoints"
        case .killInSave: "killed while saving"
        case .notice: "two minutes' notice"
        case .killTwice: "killed twice"
        case .killAtStart: "killed before the first checkpoint"
        }
    }

    /// What a disturbed run that passed has shown.
    package func passed(_ run: DrillRun, repeatable: Bool) -> String {
        var parts: [String] = []
        if let torn = run.tornFile {
            let name = torn.path.split(separator: "/").last.map(String.init) ?? torn.path
            parts.append("\(TerminalText.sanitized(name)) was cut")
        }
        for stay in run.stays {
            if case .noticed(let after, let saved) = stay.end {
                let seconds = NumberText.seconds(after.wrappedValue)
                parts.append(saved ? "saved and left in \(seconds)" : "left in \(seconds) without a save")
            }
        }
        let resumes = run.stays.dropFirst().map { stay in
            stay.restored.map { "resumed at \(at($0.units))" } ?? "started again from zero"
        }
        parts += resumes
        parts.append(repeatable ? "the same to the last bit" : "within tolerance")
        return parts.joined(separator: ", ")
    }

    package func finding(_ finding: DrillFinding) -> String {
        switch finding {
        case .nothingSaved(let units):
            return "no checkpoint had been saved at \(at(units)), so all of it was lost"
        case .startedOver(let held, let first):
            return
                "the checkpoint held \(at(held)), but training silently started again: the log went on "
                + "with \(at(first))"
        case .skipped(let unit, let next):
            return
                "\(at(unit)) was skipped: after the resume the log went on with \(at(next))"
        case .repeated(let unit, let held):
            return "\(at(unit)) was trained again, although the checkpoint held \(at(held))"
        case .metricDiffers(let metric, let unit, let expected, let seen, let limit, let count):
            let values = count == 1 ? "" : "; \(count) values of it differ"
            return "\(TerminalText.sanitized(metric)) at \(at(unit)) is \(NumberText.exact(seen)), "
                + "undisturbed \(NumberText.exact(expected)) "
                + "(\(limit == 0 ? "they must be equal" : "may differ by \(NumberText.significant(limit))"))\(values)"
        case .modelDiffers: return "the model has other bytes than the undisturbed one"
        case .resumeCrashed(let words): return "the script fell over when it resumed: \(TerminalText.sanitized(words))"
        case .unfinished(let why): return "the run never came to a model: \(TerminalText.sanitized(why))"
        case .notDisturbed:
            return "the run was over before it could be disturbed, so nothing is proven: train more units"
        case .nothingToCompare:
            return
                "two undisturbed runs end with different models, and no metric of theirs can be compared: define one, and "
                + "a progress metric"
        }
    }

    /// The likely cause, what speaks for it, and what to do.
    package func diagnosis(_ diagnosis: Diagnosis) -> (cause: String, remedy: String) {
        let evidence = diagnosis.evidence.map(evidence).filter { !$0.isEmpty }
        let (cause, remedy) = Self.words(diagnosis.cause)
        return (evidence.isEmpty ? cause : "\(cause) (\(evidence.joined(separator: "; ")))", remedy)
    }

    private static func words(_ cause: ResumeCause) -> (cause: String, remedy: String) {
        switch cause {
        case .startsFromZero:
            (
                "the checkpoint is not loaded: training starts from zero",
                "load the newest checkpoint from SM_CHECKPOINT_DIR before the first step, and fail when it cannot be read"
            )
        case .oneAhead:
            (
                "the resume is one unit ahead: it skips work",
                "save the number of units that are finished, and go on with exactly the next one"
            )
        case .oneBehind:
            (
                "the resume is one unit behind: it does work again",
                "save the number of units that are finished, and go on with exactly the next one"
            )
        case .learningRate:
            (
                "the learning-rate schedule starts again",
                "save and load the scheduler's state, or compute the rate from the step that was restored"
            )
        case .optimizerState:
            (
                "the optimizer's state (momentum and the like) is not restored",
                "save and load the optimizer's state with the weights"
            )
        case .randomState:
            (
                "random state is not restored: another order of the data, other dropout or sampling",
                "save and load the state of every random generator, or derive each epoch's seed from its number"
            )
        case .positionInEpoch:
            (
                "the position inside an epoch is not restored: what resumes between epochs is right",
                "save which batch of the epoch comes next and the order it stands in, or save at the end of epochs only"
            )
        case .tornCheckpoint:
            (
                "a half-written checkpoint is taken for a whole one, by its name",
                "write aside and rename when all is written, and load only what is marked as whole: "
                    + "nightshift_checkpoint.py does both"
            )
        case .overwritesInPlace:
            (
                "the checkpoint is overwritten in place: a kill while saving destroys the only copy",
                "write the new checkpoint beside the old one, then rename it"
            )
        case .savesAtTheEndOnly:
            (
                "checkpoints are saved only at the end of training, so an interruption loses everything",
                "save while training goes on, at least once every checkpointInterval"
            )
        case .unknown:
            (
                "unknown: the difference has none of the shapes that are known",
                "see that the optimizer's state and that of every random generator are saved and loaded; the trajectories are in "
                    + "the evidence"
            )
        }
    }

    private func evidence(_ evidence: Diagnosis.Evidence) -> String {
        switch evidence {
        case .shifted(let units, let metric):
            return "\(TerminalText.sanitized(metric)) is that of an undisturbed run "
                + "\(NumberText.exact(abs(units))) \(unit)\(abs(units) == 1 ? "" : "s") \(units < 0 ? "earlier" : "later")"
        case .learningRate(let seen, let expected, let unit):
            return "\(NumberText.exact(seen)) at \(at(unit)), undisturbed \(NumberText.exact(expected))"
        case .comesBack(let metric, let first, let last):
            return "the difference of \(TerminalText.sanitized(metric)) falls from \(NumberText.significant(first)) to "
                + NumberText.significant(last)
        case .aboveNoise(let metric, let ratio):
            return "\(TerminalText.sanitized(metric)) jumps by \(NumberText.significant(ratio)) times its own scatter"
        case .withinNoise(let metric, let ratio):
            return
                "\(TerminalText.sanitized(metric)) is off by \(NumberText.significant(ratio)) times its own scatter, as by "
                + "other data"
        case .belowNoise(let metric, let ratio):
            return
                "\(TerminalText.sanitized(metric)) is off by only \(NumberText.significant(ratio)) times its own scatter: "
                + "the data came in the same order"
        case .noOptimizerInCheckpoint: return "nothing in the checkpoint is named like an optimizer's state"
        case .noRandomStateInCheckpoint: return "nothing in the checkpoint is named like a random generator's state"
        case .onlyWithinAnEpoch: return "only the run that stopped within an epoch differs"
        case .tornFile(let path): return "\(TerminalText.sanitized(path)) was being written"
        case .otherSeed(let seen, let expected):
            return "the log tells seed \(NumberText.exact(seen)), undisturbed \(NumberText.exact(expected))"
        case .onlyModel: return "the log shows no difference"
        }
    }

    package static func standing(_ standing: DrillStanding, at now: Instant) -> String {
        switch standing {
        case .never: "resuming was never drilled"
        case .failed(let at, _): "the last drill, \(age(now - at)), failed"
        case .partial(let at, _):
            "the last drill, \(age(now - at)), was of some disturbances only, or by limits set by hand"
        case .changed(let at, _, let changes):
            "the last drill, \(age(now - at)), was of other code: \(list(changes)) changed since"
        case .proven(let at, _): "resuming was proven by a drill \(age(now - at))"
        }
    }

    /// `3 days ago`
    private static func age(_ age: Duration) -> String {
        let hours = max(.zero, age).milliseconds / 3_600_000
        if hours == 0 { return "less than an hour ago" }
        if hours < 48 { return hours == 1 ? "1 hour ago" : "\(hours) hours ago" }
        return "\(hours / 24) days ago"
    }

    private static func list(_ changes: [DrillSubject.Change]) -> String {
        let names = changes.map { change in
            switch change {
            case .file(let path): TerminalText.sanitized(path)
            case .hyperparameter(let name): "hyperparameter \(TerminalText.sanitized(name))"
            case .environment(let name): "environment \(TerminalText.sanitized(name))"
            case .interpreter: "interpreter"
            case .entryPoint: "entryPoint"
            case .checkpointLocalPath: "checkpointLocalPath"
            }
        }
        let shown = names.prefix(3).joined(separator: ", ")
        return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
    }
}
