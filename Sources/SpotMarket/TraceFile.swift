// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A trace in JSON (`docs/trace-file.md`): spot-traces' form, the Frontier-CS simulator's, and our own, which has the
/// same keys and more. Coding is left to the caller, who may do I/O.
package struct TraceFile: Codable, Hashable, Sendable {
    package struct Metadata: Codable, Hashable, Sendable {
        package var gap: TraceValue?
        /// `positive`: a number above 0 counts instances; `zero`: 0 is available and 1 is not.
        package var availableWhen: String?
        /// Dollars per hour, one for each tick.
        package var prices: [TraceValue]?
        /// When the first tick began.
        package var start: Instant?

        private enum CodingKeys: String, CodingKey {
            case gap = "gap_seconds"
            case availableWhen = "available_when"
            case prices
            case start
        }
    }

    package static let ownFormat = "nightshift-trace"

    /// Absent in the public forms.
    package var format: String?
    package var version: Int?
    package var offer: MarketPool?
    package var metadata: Metadata?
    package var data: [TraceValue]?

    /// The trace for a gang of `nodes`; every problem of the file at once. `file` is how the problems name it.
    package func trace(file: String, nodes: Int) throws(TraceProblems) -> AvailabilityTrace {
        var problems = formatProblems + gangProblems(nodes)
        let gap = metadata?.gap?.gapMilliseconds(place: "metadata.gap_seconds", &problems)
        if metadata?.gap == nil {
            problems.append("metadata.gap_seconds: is missing; it says how many seconds one value of data stands for")
        }
        let values = data ?? []
        if values.isEmpty { problems.append("data: has no values; a trace needs one for each tick") }
        problems += valueProblems(values)
        let prices = prices(count: values.count, &problems)
        guard problems.isEmpty, let gap else { throw TraceProblems(problems.map { "\(file): \($0)" }) }
        return AvailabilityTrace(
            name: Self.stem(file), gapMilliseconds: gap, nodes: nodes,
            ticks: values.map { value in
                guard case .number(let number) = value else { return nil }
                return isInverted ? number == 0 : number >= Double(nodes)
            },
            provenance: AvailabilityTrace.Provenance(
                source: file, form: form, polarity: polarity(nodes), warning: warning(file)),
            pool: offer, start: metadata?.start, spotPrices: prices)
    }

    private var isInverted: Bool { metadata?.availableWhen == "zero" }

    private var form: AvailabilityTrace.Form {
        isInverted ? .inverted : format == Self.ownFormat ? .nightshift : .counts
    }

    private func polarity(_ nodes: Int) -> String {
        if isInverted { return "0 = available (available_when: zero)" }
        let sense =
            metadata?.availableWhen == nil
            ? "the value counts available instances (spot-traces' sense; the file does not say)"
            : "the value counts available instances (available_when: positive)"
        return nodes == 1 ? sense : "\(sense); a gang of \(nodes) needs \(nodes)"
    }

    /// The polarity trap: with 0 and 1 alone, nothing but the metadata tells which of them is capacity.
    private func warning(_ file: String) -> String? {
        guard metadata?.availableWhen == nil, format == nil,
            (data ?? []).allSatisfy({ $0 == .number(0) || $0 == .number(1) })
        else { return nil }
        return "\(file): has only 0 and 1 and does not say which of them is available; read as in spot-traces, "
            + "1 = available. The Frontier-CS simulator's files look the same and mean the opposite. "
            + "Add \"available_when\": \"positive\" or \"zero\" to its metadata"
    }

    private var formatProblems: [String] {
        var problems: [String] = []
        if let format, format != Self.ownFormat || version != 1 {
            problems.append(
                "format: expected \"\(Self.ownFormat)\" version 1 or no format at all, found \"\(format)\" "
                    + (version.map { "version \($0)" } ?? "without a version"))
        }
        if let sense = metadata?.availableWhen, sense != "positive", sense != "zero" {
            let near = NearestName.of(sense, in: ["positive", "zero"]).map { "; did you mean \"\($0)\"?" } ?? ""
            problems.append("metadata.available_when: must be \"positive\" or \"zero\", not \"\(sense)\"\(near)")
        }
        return problems
    }

    private func gangProblems(_ nodes: Int) -> [String] {
        if nodes < 1 { return ["nodes: must be 1 or more, not \(nodes)"] }
        if isInverted {
            return nodes == 1
                ? []
                : ["metadata.available_when: \"zero\" says nothing about counts, so a gang of \(nodes) has no trace"]
        }
        let largest = (data ?? []).compactMap(\.wholeNumber).max()
        guard let largest, nodes > 1, Double(nodes) > largest else { return [] }
        return [TraceText.neverAvailable(nodes, largest: largest)]
    }

    private func valueProblems(_ values: [TraceValue]) -> [String] {
        let wrong = values.enumerated().compactMap { tick, value -> String? in
            switch value {
            case .notKnown: nil
            case .number(let number) where number != number.rounded() || number < 0 || number > 1e9:
                "data[\(tick)]: \(TraceValue.text(number)) is no count; write a whole number from 0 on"
            case .number(let number) where isInverted && number > 1:
                "data[\(tick)]: \(TraceValue.text(number)), but with available_when \"zero\" only 0 and 1 have a meaning"
            case .number: nil
            case .other(let text): "data[\(tick)]: \(text) is no count; write a whole number from 0 on"
            }
        }
        return TraceText.firstFew(wrong, of: "values of data are wrong")
    }

    private func prices(count: Int, _ problems: inout [String]) -> [Double]? {
        guard let prices = metadata?.prices else { return nil }
        if prices.count != count {
            problems.append("metadata.prices: has \(prices.count) values for \(count) of data; give one for each")
        }
        let wrong = prices.enumerated().compactMap { tick, value -> String? in
            if case .number(let number) = value, number.isFinite, number > 0 { return nil }
            return "metadata.prices[\(tick)]: must be dollars per hour above 0"
        }
        problems += TraceText.firstFew(wrong, of: "values of metadata.prices are wrong")
        return prices.compactMap { if case .number(let number) = $0 { number } else { nil } }
    }

    /// `traces/us-west-2a_v100_1.json` is `us-west-2a_v100_1`.
    static func stem(_ file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        return last.hasSuffix(".json") || last.hasSuffix(".txt")
            ? String(last[..<(last.lastIndex(of: ".") ?? last.endIndex)]) : last
    }
}
