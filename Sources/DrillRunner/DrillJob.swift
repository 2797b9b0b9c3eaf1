// SPDX-License-Identifier: Apache-2.0

import Drills
package import TrainingJobs

/// A job made fit for a drill.
package enum DrillJob {
    private static let names = [
        "epochs", "num-epochs", "n-epochs", "max-epochs", "num-train-epochs", "epoch", "steps", "max-steps",
        "num-steps", "iterations",
    ]

    /// The job with `units` units of progress in place of all: the hyperparameter that says how many there are is
    /// changed with it. `nil` when none can be told to be that one.
    package static func shortened(_ job: TrainingJob, to units: Int) -> TrainingJob? {
        guard let name = hyperparameterOfTotal(job),
            let index = job.hyperparameters.firstIndex(where: { $0.name == name })
        else { return nil }
        var job = job
        job.hyperparameters[index].json = job.hyperparameters[index].json.hasPrefix("\"") ? "\"\(units)\"" : "\(units)"
        switch job.progress {
        case .metric(let name, _): job.progress = .metric(name: name, total: Double(units))
        case .checkpointName(let regex, _): job.progress = .checkpointName(regex: regex, total: Double(units))
        }
        return job
    }

    /// The hyperparameter whose value is the progress total: by its name where several are.
    package static func hyperparameterOfTotal(_ job: TrainingJob) -> String? {
        let equal = job.hyperparameters.filter {
            Double($0.json.filter { $0 != "\"" }) == job.progress.total
        }.map(\.name)
        return equal.count == 1
            ? equal.first : equal.first { names.contains($0.lowercased().split(separator: "_").joined(separator: "-")) }
    }

    /// Besides the job's own metrics: learning rate and seed, where the script logs them in a usual form.
    static func watched(_ job: TrainingJob) -> TrainingJob {
        var job = job
        let number = #"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"#
        // Not `\b`: between two letters a full stop is no end of a word to it.
        let start = #"(?i)(?:^|[^\p{L}0-9_])"#
        if !job.metricDefinitions.contains(where: { DrillJudge.isLearningRate($0.name) }) {
            job.metricDefinitions.append(
                MetricDefinition(
                    name: DrillJudge.learningRateName,
                    regex: start + #"(?:lr|learning[-_ ]?rate)["']?\s*[=:]\s*\[?("# + number + ")"))
        }
        if !job.metricDefinitions.contains(where: { $0.name == DrillJudge.seedName }) {
            job.metricDefinitions.append(
                MetricDefinition(name: DrillJudge.seedName, regex: start + #"seed["']?\s*[=:]\s*([0-9]+)"#))
        }
        return job
    }
}
