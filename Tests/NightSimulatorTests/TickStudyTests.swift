// SPDX-License-Identifier: Apache-2.0

import JobFiles
import NightEngine
import NightSimulator
import SpotMarket
import Testing
import TrainingJobs

@Suite struct TickStudyTests {
    @Test func `a study of many shapes gives the same for any width, in the order of its entries`() async throws {
        let isUp = RandomZone.spells(seed: 3, tick: 600_000, ticks: 40)
        let text = "a 600 " + isUp.map { $0 ? "1" : "0" }.joined() + "\n"
        let zones = try ZoneTraces([TraceText(Array(text.utf8), file: "t").trace(window: nil, nodes: 1)])
        let entries = (0..<150).map { number in
            TickStudy.Entry(
                night: TickNight(
                    tick: 600_000, work: 3_600_000 + Int64(number % 7) * 60000, deadline: 14_400_000,
                    restartOverhead: 600_000, spotRates: [1_000_000], onDemandRate: 3_000_000),
                zones: 0, first: number % 5)
        }
        let study = TickStudy(entries, zones: [zones], reference: false)
        let contenders: [TickStudy.Contender] = [.policy(.nightshift), .optimum, .policy(.greedy)]
        let one = try await study.outcomes(of: contenders, width: 1)
        #expect(try await study.outcomes(of: contenders, width: 5) == one)
        for (entry, outcomes) in zip(entries, one) {
            var alone = TickSimulator(
                entry.night, .net(SafetyNet(NightshiftPolicy(for: entry.night.outlook(wholeTicks: true)))))
            #expect(alone.play([isUp], from: entry.first) == outcomes[0])
        }
    }
}
