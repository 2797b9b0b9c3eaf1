// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Tripwires in words. Texts from outside are sanitised here.
package enum AlarmWords {
    /// `no step for 31 min (limit 30 min) at 7.5 units: training was started again from checkpoint 12`
    package static func sentence(_ alarm: Alarm) -> String {
        let at =
            switch alarm.sighting {
            case .startedOver, .nothingToResume: ""
            default: " at \(NumberText.units(alarm.units)) units"
            }
        return "\(seen(alarm.sighting))\(at): \(done(alarm.action))"
    }

    package static func seen(_ sighting: Alarm.Sighting) -> String {
        switch sighting {
        case .stalled(let seconds, let limit):
            return "no step for \(duration(seconds)) (limit \(duration(limit)))"
        case .noCheckpoint(let seconds, let limit):
            return "no checkpoint was committed for \(duration(seconds)) (limit \(duration(limit))) although training "
                + "made progress"
        case .lossNotFinite(let metric, let text):
            return "\(TerminalText.sanitized(metric)) is \(TerminalText.sanitized(text))"
        case .lossExploding(let metric, let loss, let smallest):
            return "\(TerminalText.sanitized(metric)) explodes from \(number(smallest)) to \(number(loss))"
        case .lossJump(let metric, let before, let after):
            return "\(TerminalText.sanitized(metric)) jumped from \(number(before)) to \(number(after)) after a resume"
        case .startedOver(let generation, let restored, let told):
            return
                "checkpoint \(generation) with \(NumberText.units(restored)) units was restored, but the script began "
                + "again at \(NumberText.units(told))"
        case .diskFilling(let path, let free, let limit):
            return
                "\(NumberText.bytes(free)) free at \(TerminalText.sanitized(path)) (limit \(NumberText.bytes(limit)))"
        case .noModel:
            return "the training process ended with exit code 0 but wrote nothing to SM_MODEL_DIR"
        case .nothingToResume(let expected, let why):
            let generation = expected.map { "checkpoint \($0) or newer" } ?? "a checkpoint"
            return "\(generation) was to be restored, but there is none: \(TerminalText.sanitized(why))"
        }
    }

    private static func done(_ action: Alarm.Action) -> String {
        switch action {
        case .wentOn: "training went on"
        case .restarted(let generation?): "training was started again from checkpoint \(generation)"
        case .restarted(nil): "training was started again from zero"
        case .stopped(restarts: 0): "the night was stopped"
        case .stopped(let restarts):
            "the night was stopped after \(NumberText.count(restarts, "restart")) without a new checkpoint"
        }
    }

    private static func duration(_ seconds: Double) -> String {
        DurationText.exact(.milliseconds(seconds.isFinite ? Int64(min(max(seconds, 0), 1e9) * 1000) : 0))
    }

    /// Four significant digits.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "\(value)" }
        var scale = 1.0
        while value != 0, value.magnitude * scale < 1000, scale < 1e300 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
    }
}
