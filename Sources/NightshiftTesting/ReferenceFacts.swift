// SPDX-License-Identifier: Apache-2.0

import Foundation
package import NightSimulator

/// Published results to be met, and the public traces that they were made on. They are no part of this repository: they
/// lie in the folder that `NIGHTSHIFT_SHARED` names, or in `shared` beside the repository.
package struct ReferenceFacts: Sendable {
    package static let absence: String =
        "the public traces and reference results are not here: set NIGHTSHIFT_SHARED to the folder that has them"

    /// `nil` where they are absent.
    package static let here: ReferenceFacts? = {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let directory =
            ProcessInfo.processInfo.environment["NIGHTSHIFT_SHARED"]
            ?? repository.deletingLastPathComponent().appending(path: "shared").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: directory + "/facts/reference_nights.csv") else { return nil }
        return ReferenceFacts(directory: directory)
    }()

    private let directory: String

    /// One golden night and what published policies came to in it.
    package struct GoldenNight: Sendable {
        package var trace: String
        package var window: String
        package var configuration: String
        package var first: Int
        /// By policy: on-demand hours, and the tick of the finish where it is known.
        package var expected: [String: (cost: Double, finish: Int?)]
    }

    package func goldenNights() throws -> [GoldenNight] {
        try table("reference_nights.csv").map { row in
            var expected: [String: (cost: Double, finish: Int?)] = [:]
            for (column, value) in row where column.hasSuffix("_odh") {
                let policy = String(column.dropLast(4))
                expected[policy] = (Double(value) ?? .nan, row[policy + "_fin"].flatMap { Int($0) })
            }
            return GoldenNight(
                trace: row["trace"] ?? "", window: row["window"] ?? "", configuration: row["config"] ?? "",
                first: row["start_tick"].flatMap { Int($0) } ?? 0, expected: expected)
        }
    }

    /// Mean cost in on-demand hours by trace, configuration and policy; `ALL-…` are families of traces.
    package func meanCosts() throws -> [[String: String]] { try table("reference_costs.csv") }

    /// `spot-traces` and `frontier-cs`: trace names as the tables write them.
    package func traceNames() throws -> [String] {
        try Set(meanCosts().compactMap { $0["trace"] }.filter { !$0.hasPrefix("ALL") }).sorted()
    }

    package func isTextForm(_ trace: String) -> Bool { trace.hasPrefix("frontier-cs/") }

    /// Pairs of the same region, type and collection by their places in `names`; nodes and ticks are alike.
    package static func zonePairs(_ names: [String]) -> [(Int, Int)] {
        /// `…/aws-10-26-2022/us-west-2a_k80_1` without the zone's letter.
        func region(_ name: String) -> String {
            guard let cut = name.firstIndex(of: "_"), cut > name.startIndex else { return name }
            return String(name[..<name.index(before: cut)] + name[cut...])
        }
        return names.indices.flatMap { one in
            names.indices.filter { $0 > one && region(names[$0]) == region(names[one]) }.map { (one, $0) }
        }
    }

    /// The collection and the zone: `aws-10-26-2022/us-west-2a_k80_1`.
    package static func shortNames(_ names: [String]) -> [String] {
        names.map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
    }

    /// The path of a trace's file.
    package func path(_ trace: String) -> String {
        isTextForm(trace) ? "\(directory)/traces/\(trace).txt" : "\(directory)/traces/spot-traces/\(trace).json"
    }

    package func nodes(_ trace: String) -> Int { trace.contains("/4-node/") ? 4 : trace.contains("/16-node/") ? 16 : 1 }

    /// `night_4h_dl8_o0.25` as a night in the trace's ticks, at the published prices.
    package static func night(_ configuration: String, tick: Int64, zones: Int = 1) -> TickNight {
        let parts = configuration.split(separator: "_")
        func hours(_ text: Substring) -> Int64 { Int64(((Double(text) ?? .nan) * 3_600_000).rounded()) }
        return TickNight(
            tick: tick, work: hours(parts[1].dropLast()), deadline: hours(parts[2].dropFirst(2)),
            restartOverhead: hours(parts[3].dropFirst()), spotRates: Array(repeating: 973_100, count: zones),
            onDemandRate: 3_060_000)
    }

    /// Where the nights of a mean begin in a trace of `count` ticks.
    package func starts(of configuration: String, in trace: String, count: Int, night: TickNight) -> [Int] {
        let length = Int((night.deadline + night.tick - 1) / night.tick)
        let last = count - length - 4
        if isTextForm(trace) { return configuration.hasPrefix("fcs") ? [0] : (0..<4).map { $0 * last / 3 } }
        return (0..<60).map { $0 * last / 59 }
    }

    private func table(_ name: String) throws -> [[String: String]] {
        let text = try String(contentsOfFile: "\(directory)/facts/\(name)", encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        guard let head = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(head, $0), uniquingKeysWith: { first, _ in first }) }
    }
}
