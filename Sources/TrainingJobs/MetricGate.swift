// SPDX-License-Identifier: Apache-2.0

/// A bound on the last value of a metric. Which side of it is bad says which of two models is the worse one.
package struct MetricGate: Codable, Hashable, Sendable {
    package enum Bound: Codable, Hashable, Sendable {
        /// Lower is better.
        case atMost(Double)
        /// Higher is better.
        case atLeast(Double)
    }

    package var name: String
    package var bound: Bound
    /// How much worse than the model in service it may be, in percent of that one's value; `nil`: it is not compared.
    package var percentWorse: Double?

    package init(name: String, bound: Bound, percentWorse: Double?) {
        self.name = name
        self.bound = bound
        self.percentWorse = percentWorse
    }

    package enum Verdict: Hashable, Sendable {
        /// With what was looked at, in words.
        case passed(String)
        case objection(String)
    }

    /// The value of the model in service.
    package enum Previous: Hashable, Sendable {
        /// No model is in service.
        case nothing
        /// One is, but its value is not known; why, in words. Unlike `nothing`, this is no reason to let a model pass.
        case unknown(String)
        case value(Double)
    }

    /// Judges the last value that was logged.
    package func verdict(on value: Double?, previous: Previous) -> Verdict {
        guard let value else { return .objection("\(name) was never logged") }
        // Not a number is on neither side of a bound.
        guard value.isFinite else { return .objection("\(name) is \(value)") }
        switch bound {
        case .atMost(let limit) where value > limit: return .objection("\(name) \(value) is above \(limit)")
        case .atLeast(let limit) where value < limit: return .objection("\(name) \(value) is below \(limit)")
        case .atMost(let limit): return compare(value, previous, "\(name) \(value) is at most \(limit)")
        case .atLeast(let limit): return compare(value, previous, "\(name) \(value) is at least \(limit)")
        }
    }

    private func compare(_ value: Double, _ previous: Previous, _ words: String) -> Verdict {
        guard let percentWorse else { return .passed(words) }
        switch previous {
        case .nothing: return .passed("\(words); there is nothing to compare it with")
        case .unknown(let why):
            return .objection("\(name) \(value) cannot be compared with that of the model in service: \(why)")
        case .value(let previous): return compare(value, previous, percentWorse, words)
        }
    }

    private func compare(_ value: Double, _ previous: Double, _ percentWorse: Double, _ words: String) -> Verdict {
        let allowance = abs(previous) * percentWorse / 100
        let worse =
            switch bound {
            case .atMost: value > previous + allowance
            case .atLeast: value < previous - allowance
            }
        let than = "than \(previous) of the model in service"
        if worse { return .objection("\(name) \(value) is more than \(percentWorse) % worse \(than)") }
        return .passed("\(words) and not more than \(percentWorse) % worse \(than)")
    }
}
