// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
@testable import NightRunner
import NightshiftTesting
import Testing
import TrainingJobs

@Suite struct JournalTests {
    private static let terms = Fixtures.shortTerms(night: "n", units: 4, window: .hours(4))
    private static let record = NightRecord(
        id: "n", date: "2026-11-24", job: Bench.job,
        clock: ClockScale(wallOrigin: terms.start, nightOrigin: terms.start, factor: 1), seed: 7)

    private func priced(_ sequence: Int) -> NightEvent {
        let offer = Fixtures.priced(Fixtures.spot, microdollars: Int64(sequence))
        return NightEvent(sequence: sequence, at: Fixtures.start + .seconds(sequence), kind: .priced(offer))
    }

    @Test func `a commit is on the disk, not only in the system's memory`() async throws {
        try await with(1) { journal in
            let level = try await journal.database.writeWithoutTransaction {
                try Int.fetchOne($0, sql: "PRAGMA synchronous")
            }
            #expect(level == 2, "2 is FULL: the log is synced with every commit")
        }
    }

    /// A journal with one night of so many events.
    private func with(_ events: Int, _ body: (Journal) async throws -> Void) async throws {
        try await Bench.withJournal { journal in
            _ = try journal.open(
                Self.record, with: NightEvent(sequence: 1, at: Fixtures.start, kind: .opened(Self.terms)))
            if events > 1 { _ = try journal.append((2...events).map(priced), to: "n") }
            try await body(journal)
        }
    }

    @Test func `what was appended is there after reopening, and it goes on`() async throws {
        try await with(5) { (journal: Journal) async throws in
            let again = try Journal(path: journal.path)
            #expect(try again.events(of: "n") == journal.events(of: "n"))
            #expect(try again.events(of: "n", after: 3).map(\.sequence) == [4, 5])
            #expect(try again.record(of: "n") == Self.record)
            #expect(try again.record(of: "other") == nil)
            #expect(try again.events(of: "other") == [])
            #expect(try again.nights(job: "short", date: "2026-11-24") == ["n"])
            #expect(try again.nights(job: "other") == [])
            _ = try again.append([priced(6)], to: "n")
            #expect(try journal.lastSequence(of: "n") == 6)
        }
    }

    @Test(arguments: [([7], 5), ([5], 5), ([6, 8], 6), ([6, 7, 7], 7), ([1], 5)])
    func `gaps and duplicates are refused and nothing of them stays`(sequences: [Int], last: Int) async throws {
        try await with(5) { (journal: Journal) async throws in
            let wrong = sequences.last ?? 0
            #expect(throws: JournalError.outOfOrder(night: "n", sequence: wrong, after: last)) {
                try journal.append(sequences.map(priced), to: "n")
            }
            #expect(try journal.lastSequence(of: "n") == 5)
            #expect(try journal.events(of: "n").count == 5)
        }
    }

    @Test func `nights are opened once and only opened ones are written to`() async throws {
        try await with(1) { (journal: Journal) async throws in
            let opening = NightEvent(sequence: 1, at: Fixtures.start, kind: .opened(Self.terms))
            #expect(throws: JournalError.nightExists("n")) { try journal.open(Self.record, with: opening) }
            #expect(throws: JournalError.noSuchNight("x")) { try journal.append([opening], to: "x") }
            var other = Self.record
            other.id = "m"
            #expect(throws: JournalError.outOfOrder(night: "m", sequence: 2, after: 0)) {
                try journal.open(other, with: priced(2))
            }
            #expect(try journal.nights() == ["n"])
        }
    }

    @Test(arguments: [
        ("'{'", "the journal is damaged: event 3 of n: The given data was not valid JSON."),
        ("X'ff'", "the journal is damaged: event 3 of n: "),
        (
            #"replace(body, '"sequence":3', '"sequence":4')"#,
            "the journal is damaged: event 3 of n: it calls itself event 4"
        ),
        (#"replace(body, 'priced', 'guessed')"#, "the journal is damaged: event 3 of n: kind: "),
        (
            #"replace(body, '"at":"2026', '"at":"20x6')"#,
            "the journal is damaged: event 3 of n: at: not an ISO 8601 instant"
        ),
    ])
    func `a damaged row is named`(body: String, message: String) async throws {
        try await with(5) { (journal: Journal) async throws in
            try JournalFile(path: journal.path).execute("UPDATE events SET body = \(body) WHERE sequence = 3")
            let error = #expect(throws: JournalError.self) { try journal.events(of: "n") }
            #expect(error?.description.hasPrefix(message) == true, "\(error as Any)")
            #expect(try journal.events(of: "n", after: 3).count == 2)
        }
    }

    @Test func `a number that is no number is damage, not a crash`() async throws {
        try await with(5) { (journal: Journal) async throws in
            try JournalFile(path: journal.path).execute("UPDATE events SET sequence = 'x' WHERE sequence = 5")
            #expect(throws: JournalError.damaged(what: "event ? of n", why: "it calls itself event 5")) {
                try journal.events(of: "n")
            }
        }
    }

    @Test func `many may find the same new file, and all of them get a journal`() async throws {
        for _ in 1...20 {
            let directory = NSTemporaryDirectory() + "nightshift-journal-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...4 {
                    group.addTask {
                        let nights = try Journal(path: directory + "/journal.sqlite").nights()
                        #expect(nights == [])
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `what is no journal is not opened`() throws {
        let directory = try Bench.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody
        let path = directory + "/journal.sqlite"
        try Data(repeating: 65, count: 8192).write(to: URL(filePath: path))
        let error = #expect(throws: JournalError.self) { try Journal(path: path) }
        #expect(error?.description == "the journal \(path) cannot be opened: file is not a database")
        #expect(throws: JournalError.self) { try Journal(path: directory + "/journal.sqlite/below") }
    }

    @Test func `a newer journal is not touched`() async throws {
        try await with(1) { (journal: Journal) async throws in
            try JournalFile(path: journal.path).execute("INSERT INTO grdb_migrations VALUES ('2')")
            #expect(throws: JournalError.newerFormat(path: journal.path)) { try Journal(path: journal.path) }
        }
    }

    @Test func `only the owner reads it, whatever the umask`() throws {
        let directory = try Bench.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody
        let old = umask(0)
        defer { umask(old) }
        let path = directory + "/state/journal.sqlite"
        func modes() throws -> [Int] {
            try [path, path + "-wal", path + "-shm"].map { file in
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                return try #require(mode)
            }
        }
        let journal = try Journal(path: path)
        _ = try journal.open(
            Self.record, with: NightEvent(sequence: 1, at: Fixtures.start, kind: .opened(Self.terms)))
        #expect(try modes() == [0o600, 0o600, 0o600])
        let state = try FileManager.default.attributesOfItem(atPath: directory + "/state")[.posixPermissions] as? Int
        #expect(state == 0o700)
        for file in [path, path + "-wal", path + "-shm"] { chmod(file, 0o666) }
        let again = try Journal(path: path)
        #expect(try again.nights() == ["n"])
        #expect(try modes() == [0o600, 0o600, 0o600])
    }

    @Test func `a writer waits for another one`() async throws {
        try await with(1) { (journal: Journal) async throws in
            let event = priced(2)
            let appending = try await JournalFile(path: journal.path).queue.writeWithoutTransaction { database in
                try database.execute(sql: "BEGIN IMMEDIATE")
                let appending = Task.detached { try journal.append([event], to: "n") }
                // Readers are not held up by it.
                for _ in 0..<20 { #expect(try journal.lastSequence(of: "n") == 1) }
                try database.execute(sql: "COMMIT")
                return appending
            }
            _ = try await appending.value
            #expect(try journal.lastSequence(of: "n") == 2)
        }
    }

    @Test func `a stop order may be repeated and is for one night`() async throws {
        try await with(1) { (journal: Journal) async throws in
            #expect(try !journal.isStopOrdered(of: "n"))
            try journal.orderStop(of: "n", at: Fixtures.start)
            try journal.orderStop(of: "n", at: Fixtures.start)
            #expect(try journal.isStopOrdered(of: "n"))
            #expect(try !journal.isStopOrdered(of: "m"))
            #expect(throws: JournalError.noSuchNight("m")) { try journal.orderStop(of: "m", at: Fixtures.start) }
        }
    }
}
