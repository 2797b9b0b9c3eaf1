// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Finds metrics in a training log by the job's regular expressions (SageMaker's `MetricDefinitions`).
package struct LogReader {
    private let definitions: [(name: String, regex: Regex<AnyRegexOutput>)]
    private let progressMetric: String?
    private let lossMetric: String?
    private let lossNotFinite: Regex<AnyRegexOutput>?

    /// Throws when an expression does not compile; the job file's reader has checked that.
    package init(metrics: [MetricDefinition], progress: ProgressSource, loss: MetricDefinition? = nil) throws {
        definitions = try metrics.map { ($0.name, try Regex($0.regex)) }
        if case .metric(let name, _) = progress { progressMetric = name } else { progressMetric = nil }
        lossMetric = loss?.name
        lossNotFinite = try loss.flatMap { NotFinitePattern.of($0.regex) }.map { try Regex($0) }
    }

    /// Characters of a line in which metrics are looked for. Expressions backtrack: `.*loss=(.*)` takes time that grows
    /// with the square of what it is tried on, and the training process waits meanwhile.
    static let reach = 2048

    /// The metrics of one line, in the order of their definitions; values that are not numbers are left out.
    package func metrics(in line: String) -> [(name: String, value: Double)] {
        let text = String(line.unicodeScalars.prefix(Self.reach))
        return definitions.compactMap { name, regex in
            // A line that the expression cannot match has no such metric.
            guard let match = try? regex.firstMatch(in: text), match.output.count > 1,
                let captured = match.output[1].substring, let value = Double(captured), value.isFinite
            else { return nil }
            return (name, value)
        }
    }

    /// The units of progress among the metrics of a line, if it tells them.
    package func progress(among metrics: [(name: String, value: Double)]) -> Double? {
        progressMetric.flatMap { name in metrics.last { $0.name == name }?.value }
    }

    /// The loss among the metrics of a line, or the word that stands where it should.
    func loss(in line: String, among metrics: [(name: String, value: Double)]) -> LossReading? {
        guard let lossMetric else { return nil }
        if let value = metrics.last(where: { $0.name == lossMetric })?.value { return .number(value) }
        guard let lossNotFinite else { return nil }
        // A line that the expression cannot match has no such word.
        let match = try? lossNotFinite.firstMatch(in: String(line.unicodeScalars.prefix(Self.reach)))
        return match.flatMap { $0.output.count > 1 ? $0.output[1].substring : nil }.map { .notFinite(String($0)) }
    }
}
