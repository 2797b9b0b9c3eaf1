// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import NightEngine
import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// Our policy on public traces: what it may cost over the clairvoyant optimum. `make reference` has every shape.
@Suite(.enabled(if: ReferenceFacts.here != nil, Comment(rawValue: ReferenceFacts.absence)))
struct NightshiftReferenceTests {
    @Test(
        arguments: [
            ("night_4h_dl8_o0.10", 1.037), ("night_4h_dl8_o0.25", 1.071), ("night_4h_dl5_o0.10", 1.059),
        ])
    func `a night costs little more than the optimum, and none is late`(configuration: String, limit: Double)
        async throws
    {
        let facts = try #require(ReferenceFacts.here)
        var loader = TraceLoader()
        var zones: [ZoneTraces] = []
        var entries: [TickStudy.Entry] = []
        for name in try facts.traceNames() where !facts.isTextForm(name) {
            let trace = try loader.trace(facts.path(name), nodes: facts.nodes(name))
            let night = ReferenceFacts.night(configuration, tick: trace.gapMilliseconds)
            for first in facts.starts(of: configuration, in: name, count: trace.count, night: night) {
                entries.append(TickStudy.Entry(night: night, zones: zones.count, first: first))
            }
            zones.append(try ZoneTraces([trace]))
        }
        let outcomes = try await TickStudy(entries, zones: zones, reference: true)
            .outcomes(of: [.policy(.nightshift), .optimum], width: 2)
        let costs = [0, 1].map { contender in
            zip(entries, outcomes).reduce(0) { $0 + $1.1[contender].onDemandHours($1.0.night) }
        }
        #expect(entries.count == 900)
        #expect(zip(entries, outcomes).allSatisfy { !$1[0].isLate($0.night) })
        #expect(costs[0] / costs[1] <= limit)
    }

    @Test(arguments: ["night_4h_dl8_o0.10", "night_4h_dl5_o0.10"])
    func `three zones cost less than the best of them would with the future known`(configuration: String) throws {
        let facts = try #require(ReferenceFacts.here)
        var loader = TraceLoader()
        let traces = try ["us-east-1c", "us-east-1d", "us-east-2a"].map {
            try loader.trace(facts.path("availability/1-node/aws-02-15-2023/\($0)_v100_1"))
        }
        let isUp = traces.map { trace in (0..<trace.count).map { trace[$0] } }
        let all = ReferenceFacts.night(configuration, tick: traces[0].gapMilliseconds, zones: 3)
        let one = ReferenceFacts.night(configuration, tick: traces[0].gapMilliseconds)
        let starts = facts.starts(of: configuration, in: "", count: traces[0].count, night: one)
        var simulator = TickSimulator(
            all, .net(SafetyNet(NightshiftPolicy(for: all.outlook(wholeTicks: true)))))
        let ours = starts.map { simulator.play(isUp, from: $0) }
        let bests = isUp.map { zone in
            starts.reduce(0) { $0 + one.optimum([zone], from: $1, asPublished: false).onDemandHours(one) }
        }
        #expect(ours.allSatisfy { !$0.isLate(all) })
        #expect(ours.reduce(0) { $0 + $1.onDemandHours(all) } < (bests.min() ?? 0))
    }
}
