// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// When one pool had Spot capacity for a gang of machines, tick by tick. Tick `i` is [i × gap, (i + 1) × gap).
package struct AvailabilityTrace: Hashable, Sendable {
    /// The forms that traces come in; each has a sense of its own for the same digits (`docs/trace-file.md`).
    package enum Form: String, Codable, Hashable, Sendable {
        /// `{"metadata": {"gap_seconds": 195}, "data": [0, 1, 4]}` as in spot-traces.
        case counts
        /// The same keys with 0 = available, as in the Frontier-CS simulator; only `available_when` tells it apart.
        case inverted
        /// `NAME GAP 0101` a line.
        case text
        /// Recorded from nights of our own.
        case nightshift
    }

    package struct Provenance: Hashable, Sendable {
        /// The file as the caller named it, with `#window` for a line of the text form.
        package var source: String
        package var form: Form
        /// Which number means available there, in words.
        package var polarity: String
        /// What a careful reader would ask about; `nil` when the sense is certain.
        package var warning: String?
    }

    /// The pool or window as the file names it.
    package let name: String
    package let gapMilliseconds: Int64
    /// How many machines were asked for at once.
    package let nodes: Int
    /// Ticks.
    package let count: Int
    package let provenance: Provenance
    /// Which pool it speaks of, where the file says so.
    package let pool: MarketPool?
    /// When its first tick began, where the file says so.
    package let start: Instant?
    /// Dollars per hour for each tick, where the file has prices.
    package let spotPrices: [Double]?

    private let available: [UInt64]
    /// Empty when every tick is known.
    private let unknown: [UInt64]

    /// `nil` stands for a tick that nobody watched.
    init(
        name: String, gapMilliseconds: Int64, nodes: Int, ticks: [Bool?], provenance: Provenance,
        pool: MarketPool? = nil, start: Instant? = nil, spotPrices: [Double]? = nil
    ) {
        precondition(gapMilliseconds > 0 && !ticks.isEmpty, "a trace has ticks, and they take time")
        self.name = name
        self.gapMilliseconds = gapMilliseconds
        self.nodes = nodes
        count = ticks.count
        self.provenance = provenance
        self.pool = pool
        self.start = start
        self.spotPrices = spotPrices
        var available = [UInt64](repeating: 0, count: (ticks.count + 63) / 64)
        var unknown = available
        for (tick, value) in ticks.enumerated() {
            if value == true { available[tick >> 6] |= 1 << UInt64(tick & 63) }
            if value == nil { unknown[tick >> 6] |= 1 << UInt64(tick & 63) }
        }
        self.available = available
        self.unknown = unknown.allSatisfy { $0 == 0 } ? [] : unknown
    }

    /// Whether the whole gang could have been had. What nobody watched counts as not available.
    package subscript(tick: Int) -> Bool {
        precondition(tick >= 0 && tick < count, "tick \(tick) of a trace of \(count)")
        return available[tick >> 6] >> UInt64(tick & 63) & 1 == 1
    }

    package func isKnown(_ tick: Int) -> Bool {
        precondition(tick >= 0 && tick < count, "tick \(tick) of a trace of \(count)")
        return unknown.isEmpty || unknown[tick >> 6] >> UInt64(tick & 63) & 1 == 0
    }

    package var length: Duration { .milliseconds(gapMilliseconds * Int64(count)) }

    /// Of the ticks that are known; `nil` when none is.
    package var availability: Double? {
        let known = count - unknown.reduce(0) { $0 + $1.nonzeroBitCount }
        guard known > 0 else { return nil }
        return Double(available.reduce(0) { $0 + $1.nonzeroBitCount }) / Double(known)
    }

    /// The same trace in ticks that are `parts` times as short.
    func refined(by parts: Int) -> AvailabilityTrace {
        let ticks = (0..<count * parts).map { isKnown($0 / parts) ? self[$0 / parts] : nil }
        return AvailabilityTrace(
            name: name, gapMilliseconds: gapMilliseconds / Int64(parts), nodes: nodes, ticks: ticks,
            provenance: provenance, pool: pool,
            spotPrices: spotPrices.map { prices in (0..<count * parts).map { prices[$0 / parts] } })
    }

    /// Refuses a night that begins at `tick` and is longer than what is left of the trace.
    package func requireLength(_ night: Duration, from tick: Int = 0) throws(TraceProblems) {
        let left = Duration.milliseconds(gapMilliseconds * Int64(max(0, count - tick)))
        guard tick >= 0, left >= night else {
            throw TraceProblems([
                "\(provenance.source): from tick \(tick) on it holds \(left.hoursText) h, but the night takes "
                    + "\(night.hoursText) h; start earlier, or take a longer trace"
            ])
        }
    }
}

/// Problems that a person can fix in a trace; each begins with the file and the place in it.
package struct TraceProblems: Error, Hashable, CustomStringConvertible {
    package var problems: [String]

    package init(_ problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "\n") }
}

extension Duration {
    /// Hours to a hundredth, without a locale: `1.5`, `92.33`.
    var hoursText: String {
        let hundredths = (milliseconds + 18000) / 36000
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
