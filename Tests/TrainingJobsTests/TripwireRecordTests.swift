// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

/// What was written before there were tripwires is read, and what says nothing about them is written as it was.
@Suite struct TripwireRecordTests {
    private static let at = Instant(milliseconds: 1000)

    static let sightings: [Alarm.Sighting] = [
        .stalled(seconds: 1860, limitSeconds: 1800), .noCheckpoint(seconds: 1440, limitSeconds: 1440),
        .lossNotFinite(metric: "loss", text: "nan"), .lossExploding(metric: "loss", loss: 10, smallest: 1),
        .lossJump(metric: "loss", before: 1, after: 2), .startedOver(generation: 3, restoredUnits: 5, toldUnits: 1),
        .diskFilling(path: "/", freeBytes: 1, limitBytes: 2), .noModel, .nothingToResume(expected: 4, why: "gone"),
        .nothingToResume(expected: nil, why: "torn"),
    ]

    private func object(_ value: some Encodable) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? [String: Any])
    }

    @Test func `an alarm comes back from JSON as it was`() throws {
        let actions: [Alarm.Action] = [
            .wentOn, .restarted(generation: 3), .restarted(generation: nil), .stopped(restarts: 3),
        ]
        for sighting in Self.sightings {
            for action in actions {
                let alarm = Alarm(at: Self.at, sighting: sighting, units: 7.5, action: action)
                #expect(try JSONDecoder().decode(Alarm.self, from: JSONEncoder().encode(alarm)) == alarm)
            }
        }
        #expect(Set(Self.sightings.map(\.tripwire)) == Set(Tripwire.allCases))
    }

    @Test func `a report without alarms is written and read as before`() throws {
        var report = AgentReport()
        #expect(try object(report)["alarms"] == nil)
        #expect(
            try JSONDecoder().decode(AgentReport.self, from: Data("{\"commits\":[],\"trainerFailures\":[]}".utf8))
                == report)
        report.alarms = [Alarm(at: Self.at, sighting: .noModel, units: 1, action: .wentOn)]
        #expect(try JSONDecoder().decode(AgentReport.self, from: JSONEncoder().encode(report)) == report)
    }

    @Test func `a generation without a loss is written and read as before`() throws {
        let old = CommittedGeneration(generation: 1, units: 2, bytes: 3, at: Self.at)
        #expect(try object(old).keys.sorted() == ["at", "bytes", "generation", "units"])
        #expect(try JSONDecoder().decode(CommittedGeneration.self, from: JSONEncoder().encode(old)) == old)
        let new = CommittedGeneration(generation: 1, units: 2, bytes: 3, at: Self.at, loss: 0.5)
        #expect(try JSONDecoder().decode(CommittedGeneration.self, from: JSONEncoder().encode(new)) == new)
    }

    @Test func `settings come back from JSON as they were`() throws {
        var settings = TripwireSettings()
        settings.stalledAfter = JSONSeconds(wrappedValue: .minutes(30))
        settings.diskBelowBytes = 5
        (settings.lossMetric, settings.noModel) = ("val_loss", .off)
        #expect(try JSONDecoder().decode(TripwireSettings.self, from: JSONEncoder().encode(settings)) == settings)
        #expect(settings.off == [.noModel])
        #expect(TripwireSettings().off == [])
        #expect(TripwireSettings.allOff.off == Tripwire.allCases)
    }

    @Test func `the page about the agent has the defaults, and its example is an alarm`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/agent.md")
        let page = try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
        for tripwire in Tripwire.allCases {
            let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| `\(tripwire.rawValue)` |") })
            let choice = TripwireSettings().choice(for: tripwire).rawValue
            #expect(row.hasSuffix("| `\(choice)` |"), "\(row)")
        }
        let example = try #require(page.split(separator: "\n").first { $0.hasPrefix("{\"action\"") })
        let alarm = try JSONDecoder().decode(Alarm.self, from: Data(example.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(try String(decoding: encoder.encode(alarm), as: UTF8.self) == example)
    }
}
