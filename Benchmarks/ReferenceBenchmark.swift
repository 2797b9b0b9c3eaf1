// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import NightSimulator
import NightshiftTesting
import SpotMarket
import TrainingJobs

/// `make reference`: every mean that was published, side by side with ours, and our own policy beside the optimum.
struct ReferenceBenchmark {
    private static let names = [
        "on_demand", "greedy", "uniform_progress", "up_no_hysteresis", "up_switch07", "optimum", "nightshift",
    ]

    /// What one trace and configuration came to.
    private struct Group {
        var trace: String
        var configuration: String
        /// By contender, in order: on-demand hours of each night.
        var costs: [[Double]]
        /// Nights of our own policy that ended late.
        var late: Int
    }

    let facts: ReferenceFacts

    /// Whether everything was met.
    func run() async throws -> Bool {
        let configurations = try Set(facts.meanCosts().compactMap { $0["config"] }).sorted()
        var groups: [Group] = []
        for trace in try facts.traceNames() {
            for configuration in configurations { groups.append(try await group(trace, configuration)) }
        }
        let (compared, different) = try compare(groups)
        print("published means: \(compared) compared, \(different) differ by more than 1e-6")
        let met = ratios(groups, configurations)
        return different == 0 && met
    }

    private func group(_ trace: String, _ configuration: String) async throws -> Group {
        var loader = TraceLoader()
        let traces =
            facts.isTextForm(trace)
            ? try TraceText(Data(contentsOf: URL(filePath: facts.path(trace))), file: facts.path(trace)).names
                .map { try loader.trace(facts.path(trace), window: $0) }
            : [try loader.trace(facts.path(trace), nodes: facts.nodes(trace))]
        var entries: [TickStudy.Entry] = []
        for (index, one) in traces.enumerated() {
            let night = ReferenceFacts.night(configuration, tick: one.gapMilliseconds)
            for first in facts.starts(of: configuration, in: trace, count: one.count, night: night) {
                entries.append(TickStudy.Entry(night: night, zones: index, first: first))
            }
        }
        let contenders = Self.names.map { name in
            PolicyName(rawValue: name).map(TickStudy.Contender.policy) ?? .optimum
        }
        let outcomes = try await TickStudy(entries, zones: try traces.map { try ZoneTraces([$0]) }, reference: true)
            .outcomes(of: contenders, width: ProcessInfo.processInfo.activeProcessorCount)
        let costs = contenders.indices.map { contender in
            zip(entries, outcomes).map { $1[contender].onDemandHours($0.night) }
        }
        let late = zip(entries, outcomes).count { $1[contenders.count - 1].isLate($0.night) }
        return Group(trace: trace, configuration: configuration, costs: costs, late: late)
    }

    private func compare(_ groups: [Group]) throws -> (compared: Int, different: Int) {
        var counts = (compared: 0, different: 0)
        for row in try facts.meanCosts() {
            guard let name = row["policy"], let place = Self.names.firstIndex(of: name), let trace = row["trace"],
                let published = row["mean_cost_odh"].flatMap({ Double($0) })
            else { continue }
            let family = trace.hasPrefix("ALL-") ? String(trace.dropFirst(4)) : nil
            let costs = groups.filter { group in
                group.configuration == row["config"]
                    && (family.map { ($0 == "frontier-cs") == facts.isTextForm(group.trace) } ?? (group.trace == trace))
            }.flatMap { $0.costs[place] }
            counts.compared += 1
            let mean = costs.reduce(0, +) / Double(costs.count)
            if !(abs(mean - published) <= 1e-6) {
                counts.different += 1
                print("differs: \(trace) \(row["config"] ?? "") \(name): \(mean), published \(published)")
            }
        }
        return counts
    }

    /// Our policy over the optimum, by family and over all nights, beside the two published ones.
    private func ratios(_ groups: [Group], _ configurations: [String]) -> Bool {
        let limits = [
            "night_4h_dl8_o0.10": 1.037, "night_4h_dl8_o0.25": 1.071, "night_4h_dl5_o0.10": 1.059,
            "fcs_48h_dl52_o0.20": 1.096, "fcs_48h_dl70_o0.05": 1.022,
        ]
        var met = true
        print("\nmean cost over the clairvoyant optimum     nights  greedy  unif.p.  nightshift  limit   late")
        for configuration in configurations {
            let ofShape = groups.filter { $0.configuration == configuration }
            for (title, part) in [
                ("spot-traces", ofShape.filter { !facts.isTextForm($0.trace) }),
                ("frontier-cs", ofShape.filter { facts.isTextForm($0.trace) }), ("all", ofShape),
            ] {
                let sums = Self.names.indices.map { name in part.flatMap { $0.costs[name] }.reduce(0, +) }
                let late = part.reduce(0) { $0 + $1.late }
                let ratio = sums[6] / sums[5]
                let limit = limits[configuration]
                if late > 0 || (title == "all" && limit.map { ratio > $0 } ?? false) { met = false }
                print(
                    String(
                        format: "%@ %@ %7d %7.4f %8.4f %11.4f  %5@ %6d",
                        configuration.padding(toLength: 20, withPad: " ", startingAt: 0) as NSString,
                        title.padding(toLength: 20, withPad: " ", startingAt: 0) as NSString,
                        part.reduce(0) { $0 + $1.costs[0].count }, sums[1] / sums[5],
                        sums[2] / sums[5], ratio, (limit.map { String($0) } ?? "") as NSString, late))
            }
        }
        for group in groups {
            let means = group.costs.map { $0.reduce(0, +) / Double($0.count) }
            guard means[6] > min(means[1], means[2]) * 1.01 else { continue }
            let isMeant = limits[group.configuration] != nil
            if isMeant { met = false }
            print(
                String(
                    format: "%@dearer than the cheaper of greedy and uniform progress by %.1f %%: %@ %@",
                    isMeant ? "" : "(no limit) ", (means[6] / min(means[1], means[2]) - 1) * 100, group.trace,
                    group.configuration))
        }
        return met
    }
}
