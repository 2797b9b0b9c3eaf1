// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Glibc
package import TrainingJobs

/// Nights and their events in one SQLite file (`docs/journal.md`). Append-only: an event is never changed or removed.
package struct Journal: Sendable {
    /// Proof that events are durable. Only `append` makes one, and the runner acts only with one in hand.
    package struct Receipt: Sendable {
        fileprivate init() {}
    }

    private let database: DatabasePool

    /// Opens or creates the journal; the file is readable by its owner alone.
    package init(path: String) throws {
        let directory = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // SQLite would create the file by the umask; its side files take over the mode of the main one.
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError.cannotOpen(path: path, why: String(cString: strerror(errno))) }
        fchmod(descriptor, 0o600)
        close(descriptor)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        database = try DatabasePool(path: path, configuration: configuration)
        try Self.migrator.migrate(database)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE nights (
                        id TEXT PRIMARY KEY NOT NULL, job TEXT NOT NULL, date TEXT NOT NULL, record TEXT NOT NULL);
                    CREATE TABLE events (
                        night TEXT NOT NULL REFERENCES nights (id), sequence INTEGER NOT NULL, at INTEGER NOT NULL,
                        body TEXT NOT NULL, PRIMARY KEY (night, sequence)) WITHOUT ROWID;
                    CREATE TABLE stop_orders (night TEXT PRIMARY KEY NOT NULL REFERENCES nights (id), at INTEGER NOT NULL);
                    """)
        }
        return migrator
    }

    /// Records a new night with its opening event; fails when the id is taken.
    package func open(_ record: NightRecord, with event: NightEvent) throws -> Receipt {
        try database.write { database in
            try database.execute(
                sql: "INSERT INTO nights (id, job, date, record) VALUES (?, ?, ?, ?)",
                arguments: [record.id, record.job.name, record.date, try Self.text(record)])
            try Self.insert([event], of: record.id, database)
        }
        return Receipt()
    }

    /// Appends events. When it returns they are on disk; when it throws, none of them is there.
    package func append(_ events: [NightEvent], to night: String) throws -> Receipt {
        if !events.isEmpty { try database.write { try Self.insert(events, of: night, $0) } }
        return Receipt()
    }

    package func events(of night: String, after sequence: Int = 0) throws -> [NightEvent] {
        let rows = try database.read {
            try Row.fetchAll(
                $0, sql: "SELECT sequence, body FROM events WHERE night = ? AND sequence > ? ORDER BY sequence",
                arguments: [night, sequence])
        }
        return try rows.map { row in
            let event = try Self.value(row["body"], as: NightEvent.self, of: "event \(row["sequence"] as Int) of \(night)")
            guard event.sequence == row["sequence"] else {
                throw JournalError.damaged(what: "event \(event.sequence) of \(night)", why: "its number is not its key")
            }
            return event
        }
    }

    /// `nil` when there is no such night.
    package func record(of night: String) throws -> NightRecord? {
        let text = try database.read {
            try String.fetchOne($0, sql: "SELECT record FROM nights WHERE id = ?", arguments: [night])
        }
        return try text.map { try Self.value($0, as: NightRecord.self, of: "the record of \(night)") }
    }

    /// Ids in order of their opening.
    package func nights(job: String? = nil, date: String? = nil) throws -> [String] {
        try database.read {
            try String.fetchAll(
                $0,
                sql: """
                    SELECT id FROM nights WHERE (:job IS NULL OR job = :job) AND (:date IS NULL OR date = :date)
                    ORDER BY rowid
                    """, arguments: ["job": job, "date": date])
        }
    }

    /// A person's order to end a night. May be repeated.
    package func orderStop(of night: String, at now: Instant) throws {
        try database.write {
            try $0.execute(
                sql: "INSERT OR IGNORE INTO stop_orders (night, at) VALUES (?, ?)", arguments: [night, now.milliseconds])
        }
    }

    package func isStopOrdered(of night: String) throws -> Bool {
        try database.read {
            try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM stop_orders WHERE night = ?)", arguments: [night])
                ?? false
        }
    }

    private static func insert(_ events: [NightEvent], of night: String, _ database: Database) throws {
        for event in events {
            try database.execute(
                sql: "INSERT INTO events (night, sequence, at, body) VALUES (?, ?, ?, ?)",
                arguments: [night, event.sequence, event.at.milliseconds, try text(event)])
        }
    }

    private static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func value<Value: Decodable>(_ text: String, as type: Value.Type, of what: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw JournalError.damaged(what: what, why: String(describing: error))
        }
    }
}

package enum JournalError: Error, CustomStringConvertible {
    case cannotOpen(path: String, why: String)
    case damaged(what: String, why: String)

    package var description: String {
        switch self {
        case .cannotOpen(let path, let why): "the journal \(path) cannot be opened: \(why)"
        case .damaged(let what, let why): "the journal is damaged: \(what): \(why)"
        }
    }
}
