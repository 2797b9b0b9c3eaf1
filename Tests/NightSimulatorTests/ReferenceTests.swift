// SPDX-License-Identifier: Apache-2.0

import JobFiles
import NightSimulator
import NightshiftTesting
import SpotMarket
import Testing
import TrainingJobs

/// The published simulator's own results, night by night. The rows were made with it, not with this program.
@Suite struct ReferenceTests {
    @Test(.enabled(if: ReferenceFacts.here != nil, Comment(rawValue: ReferenceFacts.absence)))
    func `every golden night costs what was published and ends in the same tick`() async throws {
        let facts = try #require(ReferenceFacts.here)
        let names = ["on_demand", "greedy", "uniform_progress", "up_no_hysteresis", "up_switch07"]
        let contenders = try names.map { TickStudy.Contender.policy(try #require(PolicyName(rawValue: $0))) }
        let nights = try facts.goldenNights()
        var loader = TraceLoader()
        var zones: [ZoneTraces] = []
        var places: [String: Int] = [:]
        var entries: [TickStudy.Entry] = []
        for night in nights {
            let trace = try loader.trace(
                facts.path(night.trace), window: night.window.isEmpty ? nil : night.window,
                nodes: facts.nodes(night.trace))
            let source = trace.provenance.source
            if places[source] == nil {
                places[source] = zones.count
                zones.append(try ZoneTraces([trace]))
            }
            entries.append(
                TickStudy.Entry(
                    night: ReferenceFacts.night(night.configuration, tick: trace.gapMilliseconds),
                    zones: try #require(places[source]), first: night.first))
        }
        let outcomes = try await TickStudy(entries, zones: zones, reference: true)
            .outcomes(of: contenders + [.optimum], width: 2)
        #expect(nights.count == 483)
        for (index, night) in nights.enumerated() {
            for (name, outcome) in zip(names + ["optimum"], outcomes[index]) {
                let expected = try #require(night.expected[name])
                let cost = outcome.onDemandHours(entries[index].night)
                let place = "\(name), \(night.trace) \(night.window) \(night.configuration) from \(night.first)"
                #expect(abs(cost - expected.cost) <= 1e-6, "\(place): \(cost), published \(expected.cost)")
                if let finish = expected.finish { #expect(outcome.finishTick == finish, "\(place)") }
            }
        }
    }
}
