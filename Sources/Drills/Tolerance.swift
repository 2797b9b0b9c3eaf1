// SPDX-License-Identifier: Apache-2.0

/// How far a metric of a resumed run may lie from an undisturbed one: nothing, where two undisturbed runs agree bit for
/// bit, else what these two were apart, with room for chance.
package struct Tolerance: Codable, Hashable, Sendable {
    /// Of two runs, the largest distance seen is a small sample of how far apart two such runs can be.
    package static let room = 3.0

    package enum Source: String, Codable, Hashable, Sendable {
        /// Two undisturbed runs agreed bit for bit.
        case exact
        /// So many times the largest distance between two undisturbed runs.
        case measured
        /// By the person who ordered the drill.
        case given
    }

    package var metric: String
    /// Largest distance at the same unit between the undisturbed runs.
    package var spread: Double
    /// Largest distance that passes.
    package var limit: Double
    package var source: Source

    package init(metric: String, spread: Double, limit: Double, source: Source) {
        self.metric = metric
        self.spread = spread
        self.limit = limit
        self.source = source
    }

    /// `nil` when the two have no unit in common: then there is nothing to measure by.
    static func measured(_ metric: String, _ first: Trajectory, _ second: Trajectory, given: Double?) -> Tolerance? {
        let distances = first.units(of: metric).compactMap { unit -> Double? in
            guard let one = first.value(metric, at: unit), let other = second.value(metric, at: unit) else {
                return nil
            }
            return distance(one, other)
        }
        guard let spread = distances.max() else { return nil }
        if let given { return Tolerance(metric: metric, spread: spread, limit: given, source: .given) }
        return Tolerance(
            metric: metric, spread: spread, limit: spread * room, source: spread == 0 ? .exact : .measured)
    }

    /// Two values that are both not numbers are the same.
    static func distance(_ one: Double, _ other: Double) -> Double {
        if one == other || (one.isNaN && other.isNaN) { return 0 }
        return (one - other).isNaN ? .infinity : abs(one - other)
    }
}

/// Metrics that tell how long something took: they differ between any two runs and say nothing about resuming.
package enum TimingMetric {
    private static let words: Set = [
        "second", "seconds", "sec", "secs", "ms", "time", "times", "duration", "durations", "throughput", "speed",
        "eta", "elapsed",
    ]
    /// Only at the end of a name: a loss at run time is a loss.
    private static let lastWords: Set = ["runtime", "walltime"]

    package static func isOne(_ name: String) -> Bool {
        let name = name.lowercased()
        let parts = name.split { !$0.isLetter }.map(String.init)
        return parts.contains(where: words.contains) || parts.last.map(lastWords.contains) ?? false
            || name.hasSuffix("/s") || zip(parts, parts.dropFirst()).contains { $0 == "per" && $1 == "s" }
    }
}
