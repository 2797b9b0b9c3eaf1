// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Finds metrics in a training log by the job's regular expressions (SageMaker's `MetricDefinitions`).
package struct LogReader {
    private typealias Definition = (
        name: String, regex: Regex<AnyRegexOutput>, notFinite: Regex<AnyRegexOutput>?
    )

    private let definitions: [Definition]
    private let progressMetric: String?
    private let lossMetric: String?

    /// Throws when an expression does not compile; the job file's reader has checked that.
    package init(metrics: [MetricDefinition], progress: ProgressSource, loss: MetricDefinition? = nil) throws {
        definitions = try metrics.map {
            ($0.name, try Regex($0.regex), try NotFinitePattern.of($0.regex).map { try Regex($0) })
        }
        if case .metric(let name, _) = progress { progressMetric = name } else { progressMetric = nil }
        lossMetric = loss?.name
    }

    /// A line is stamped when it is read, a file by a kernel clock that is up to 10 ms behind: without this, a script that
    /// tells an epoch and then saves it quickly would have each epoch counted with the next checkpoint.
    package static var delay: Duration { .milliseconds(25) }

    /// Characters of a line in which metrics are looked for. Expressions backtrack: `.*loss=(.*)` takes time that grows
    /// with the square of what it is tried on, and the training process waits meanwhile.
    static let reach = 2048

    /// The metrics of one line, in the order of their definitions; values that are not numbers are left out.
    package func metrics(in line: String) -> [(name: String, value: Double)] {
        let text = String(line.unicodeScalars.prefix(Self.reach))
        return definitions.compactMap { name, regex, _ in
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

    /// The words `nan` and `inf` of one line, where a metric that is not among these should have its number.
    func notFinite(in line: String, besides metrics: [(name: String, value: Double)]) -> [(name: String, text: String)]
    {
        let text = String(line.unicodeScalars.prefix(Self.reach))
        // Most lines have neither, and each expression costs time.
        let letters = text.lowercased()
        guard letters.contains("nan") || letters.contains("inf") else { return [] }
        return definitions.compactMap { name, _, regex in
            // A line that the expression cannot match has no such word.
            guard let regex, !metrics.contains(where: { $0.name == name }), let match = try? regex.firstMatch(in: text),
                match.output.count > 1, let word = match.output[1].substring
            else { return nil }
            return (name, String(word))
        }
    }

    /// The loss of a line, or the word that stands where it should.
    func loss(
        among metrics: [(name: String, value: Double)], notFinite: [(name: String, text: String)]
    ) -> LossReading? {
        guard let lossMetric else { return nil }
        if let value = metrics.last(where: { $0.name == lossMetric })?.value { return .number(value) }
        return notFinite.last { $0.name == lossMetric }.map { .notFinite($0.text) }
    }
}
