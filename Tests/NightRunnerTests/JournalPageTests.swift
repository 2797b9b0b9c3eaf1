// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightEngine
import NightRunner
import NightshiftTesting
import Testing
import TrainingJobs

/// `docs/journal.md` and the journals of earlier versions: what was written once must be read for good.
@Suite struct JournalPageTests {
    /// Written by `a new journal is like the kept one`: before models were put into service, and since.
    @Test(arguments: ["journal-1-unpublished.sql", "journal-1.sql"])
    func `journals of every version are still read`(name: String) async throws {
        try await Self.withFile(of: String(contentsOf: Golden.directory.appending(path: name), encoding: .utf8)) {
            journal in
            #expect(try journal.nights() == ["finished", "under-way"])
            let finished = try Night(replaying: try journal.events(of: "finished"))
            guard case .completed(_, late: false)? = finished.outcome else { Issue.record("\(finished)"); return }
            #expect(Bill(try journal.events(of: "finished")).total(at: .init(milliseconds: .max)).text == "$12.46")
            let underWay = try Night(replaying: try journal.events(of: "under-way")).state
            #expect(underWay.finished == nil)
            #expect(underWay.liveLaunches.map(\.order.key) == ["under-way-a1"])
            #expect(try journal.isStopOrdered(of: "under-way"))
            #expect(try journal.record(of: "finished")?.job == Bench.job)
            // And it goes on from there.
            let next = NightEvent(
                sequence: underWay.sequence + 1, at: Fixtures.start, kind: .concluding(.keptPrevious(.stoppedByPerson)))
            _ = try journal.append([next], to: "under-way")
        }
    }

    @Test func `a new journal is like the kept one`() async throws {
        let dump = try await Bench.withJournal { (journal: Journal) async throws -> String in
            _ = try await Scenario.small.bench("finished", journal).live()
            _ = try await Scenario.small.bench("under-way", journal).live(point: Countdown(20).hit)
            try journal.orderStop(of: "under-way", at: Fixtures.start + .minutes(3))
            return try JournalFile(path: journal.path).dump
        }
        try Golden.expect(dump, "journal-1.sql")
    }

    @Test func `the page shows every kind of event as it is written`() throws {
        let file = Golden.package.appending(path: "docs/journal.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        let (begin, end) = ("<!-- examples -->\n", "<!-- end of examples -->")
        let from = try #require(page.range(of: begin)).upperBound
        let until = try #require(page.range(of: end)).lowerBound
        let examples = try EventExamples.markdown
        if Golden.isRecording {
            let text = page.replacingCharacters(in: from..<until, with: examples)
            try Data(text.utf8).write(to: file)
        } else {
            #expect(String(page[from..<until]) == examples)
        }
    }

    @Test func `every example is read back`() throws {
        for (_, event) in EventExamples.all {
            let text = try JSONEncoder().encode(event)
            #expect(try JSONDecoder().decode(NightEvent.self, from: text) == event)
        }
    }

    private static func withFile(of sql: String, _ body: (Journal) async throws -> Void) async throws {
        let directory = try Bench.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody
        let path = directory + "/journal.sqlite"
        try JournalFile(path: path).execute(sql)
        try await body(try Journal(path: path))
    }
}
