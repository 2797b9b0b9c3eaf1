// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import NightEngine
import NightSimulator
import NightshiftTesting
import SpotMarket
import TrainingJobs

/// `nightshift-bench policy`: what solving our policy and playing nights with it costs, and what several zones bring.
struct PolicyBenchmark {
    let facts: ReferenceFacts

    func run() throws {
        print("best of five, one core     tick    solving  look-up and night")
        for configuration in ["night_4h_dl8_o0.10", "night_4h_dl8_o0.25", "night_4h_dl5_o0.10", "fcs_48h_dl70_o0.20"] {
            for trace in ["aws-10-26-2022/us-west-2b_v100_1", "aws-02-15-2023/us-east-1c_v100_1"] {
                try speed(configuration, "availability/1-node/" + trace)
            }
        }
        print("\nmean on-demand hours of 60 nights, equal prices      nightshift   greedy  best zone's optimum  of all")
        for configuration in ["night_4h_dl8_o0.10", "night_4h_dl8_o0.25", "night_4h_dl5_o0.10"] {
            try zones(configuration)
        }
    }

    private func speed(_ configuration: String, _ name: String) throws {
        var loader = TraceLoader()
        let trace = try loader.trace(facts.path(name))
        let night = ReferenceFacts.night(configuration, tick: trace.gapMilliseconds)
        let isUp = (0..<trace.count).map { trace[$0] }
        let start = night.outlook(wholeTicks: true)
        let clock = ContinuousClock()
        let solving = (0..<5).map { _ in clock.measure { _ = NightshiftPolicy(for: start) } }.min() ?? .zero
        var simulator = TickSimulator(night, .net(SafetyNet(NightshiftPolicy(for: start))))
        let nights = 2000
        var ticks = 0
        let playing =
            (0..<5).map { _ in
                ticks = 0
                return clock.measure {
                    for first in 0..<nights { ticks += simulator.play([isUp], from: first).finishTick ?? 0 }
                }
            }.min() ?? .zero
        let seconds = Double(playing.components.seconds) + Double(playing.components.attoseconds) * 1e-18
        let solved = Double(solving.components.attoseconds) * 1e-15 + Double(solving.components.seconds) * 1e3
        print(
            String(
                format: "%-26@ %5d s %7.1f ms %10.0f nights/s, %.0f ns a tick", configuration as NSString,
                trace.gapMilliseconds / 1000, solved, Double(nights) / seconds, seconds * 1e9 / Double(ticks)))
    }

    /// All pairs and triples of the zones of one type, aligned in time.
    private func zones(_ configuration: String) throws {
        let names = ["us-east-1a", "us-east-1c", "us-east-1d", "us-east-2a", "us-west-2a"]
        var loader = TraceLoader()
        let traces = try names.map { try loader.trace(facts.path("availability/1-node/aws-02-15-2023/\($0)_v100_1")) }
        let availability = traces.map { trace in (0..<trace.count).map { trace[$0] } }
        let night = ReferenceFacts.night(configuration, tick: traces[0].gapMilliseconds)
        let starts = facts.starts(of: configuration, in: "", count: traces[0].count, night: night)
        let alone = traces.indices.map { Self.optimum(night, [availability[$0]], starts) }
        for size in [2, 3] {
            var sums = (ours: 0.0, greedy: 0.0, single: 0.0, all: 0.0)
            let sets = Self.subsets(of: traces.count, size: size)
            for set in sets {
                let isUp = set.map { availability[$0] }
                let shape = ReferenceFacts.night(configuration, tick: night.tick, zones: size)
                let (ours, greedy) = (
                    Self.mean(.nightshift, shape, isUp, starts), Self.mean(.greedy, shape, isUp, starts)
                )
                let (single, all) = (set.map { alone[$0] }.min() ?? .nan, Self.optimum(shape, isUp, starts))
                sums = (sums.ours + ours, sums.greedy + greedy, sums.single + single, sums.all + all)
                line(configuration, set.map { names[$0] }.joined(separator: " "), ours, greedy, single, all)
            }
            let count = Double(sets.count)
            line(
                configuration, "mean of \(size) zones", sums.ours / count, sums.greedy / count, sums.single / count,
                sums.all / count)
        }
    }

    private func line(
        _ configuration: String, _ zones: String, _ ours: Double, _ greedy: Double, _ single: Double, _ all: Double
    ) {
        print(
            String(
                format: "%@ %@ %7.4f %@ %7.4f %@ %7.4f %11.4f", configuration as NSString,
                zones.padding(toLength: 34, withPad: " ", startingAt: 0) as NSString, ours,
                (ours <= greedy ? "<=" : "> ") as NSString, greedy, (ours < single ? "below" : "above") as NSString,
                single, all))
    }

    /// On-demand hours of a night behind our safety net.
    private static func mean(_ name: PolicyName, _ night: TickNight, _ zones: [[Bool]], _ starts: [Int]) -> Double {
        let policy = name.policy(for: night.outlook(wholeTicks: true))
        var simulator = TickSimulator(night, .net(SafetyNet(policy)))
        let costs = starts.map { simulator.play(zones, from: $0).onDemandHours(night) }
        return costs.reduce(0, +) / Double(costs.count)
    }

    private static func optimum(_ night: TickNight, _ zones: [[Bool]], _ starts: [Int]) -> Double {
        let costs = starts.map { night.optimum(zones, from: $0, asPublished: false).onDemandHours(night) }
        return costs.reduce(0, +) / Double(costs.count)
    }

    private static func subsets(of count: Int, size: Int) -> [[Int]] {
        (0..<(1 << count)).map { mask in (0..<count).filter { mask >> $0 & 1 == 1 } }.filter { $0.count == size }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }
}
