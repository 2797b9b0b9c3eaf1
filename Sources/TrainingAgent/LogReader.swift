// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Finds metrics in a training log by the job's regular expressions (SageMaker's `MetricDefinitions`).
package struct LogReader {
    private let definitions: [(name: String, regex: Regex<AnyRegexOutput>)]
    private let progressMetric: String?

    /// Throws when an expression does not compile; the job file's reader has checked that.
    package init(metrics: [MetricDefinition], progress: ProgressSource) throws {
        definitions = try metrics.map { ($0.name, try Regex($0.regex)) }
        if case .metric(let name, _) = progress { progressMetric = name } else { progressMetric = nil }
    }

    /// The metrics of one line, in the order of their definitions; values that are not numbers are left out.
    package func metrics(in line: String) -> [(name: String, value: Double)] {
        definitions.compactMap { name, regex in
            // A line that the expression cannot match has no such metric.
            guard let match = try? regex.firstMatch(in: line), match.output.count > 1,
                let text = match.output[1].substring, let value = Double(text), value.isFinite
            else { return nil }
            return (name, value)
        }
    }

    /// The units of progress that a line tells, if it does.
    package func progress(in line: String) -> Double? {
        guard let progressMetric else { return nil }
        return metrics(in: line).last { $0.name == progressMetric }?.value
    }
}
