// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
package import SpotMarket

/// Traces to hold forecasts against. How much pools drift, and how much they share, is learned for each of them from the
/// first halves of the others.
package struct CalibrationTraces: Sendable {
    private let traces: [AvailabilityTrace]
    /// Each another: a zone may have traces of several times.
    private let names: [String]
    /// Of the same region, type, time and tick.
    private let pairs: [(Int, Int)]
    private let drifts: [MarketTightness.Drift]
    private let correlations: [Double?]

    package init(_ traces: [AvailabilityTrace], named names: [String], pairs: [(Int, Int)]) {
        precondition(names.count == traces.count && Set(names).count == names.count, "traces that share a name")
        self.traces = traces
        self.names = names
        self.pairs = pairs
        drifts = traces.map(MarketTightness.Drift.init)
        correlations = pairs.map { MarketTightness.correlation(traces[$0.0], traces[$0.1]) }
    }

    /// Of all of them: what is shipped.
    package var tightness: MarketTightness { tightness(without: []) }

    private func tightness(without left: Set<Int>) -> MarketTightness {
        let others = pairs.indices.filter { !left.contains(pairs[$0].0) && !left.contains(pairs[$0].1) }
        return MarketTightness(
            drifts: drifts.indices.filter { !left.contains($0) }.map { drifts[$0] },
            correlations: others.compactMap { correlations[$0] })
    }

    /// One pool at a time; `nights` are shapes by name, in a tick of so many milliseconds.
    package func singles(_ nights: (_ tick: Int64) -> [(name: String, night: TickNight)]) -> [CalibrationCase] {
        traces.indices.flatMap { index in
            results(names[index], [index], nights(traces[index].gapMilliseconds))
        }
    }

    /// Two pools of one region at a time; the nights must have two zones.
    package func doubles(_ nights: (_ tick: Int64) -> [(name: String, night: TickNight)]) -> [CalibrationCase] {
        pairs.flatMap { one, other in
            results(
                "\(names[one]) + \(names[other])", [one, other], nights(traces[one].gapMilliseconds))
        }
    }

    private func results(
        _ name: String, _ zones: [Int], _ nights: [(name: String, night: TickNight)]
    ) -> [CalibrationCase] {
        let study = CalibrationStudy(name, zones.map { traces[$0] }, tightness(without: Set(zones)))
        return nights.compactMap { study.result($0.night, shape: $0.name) }
    }
}
