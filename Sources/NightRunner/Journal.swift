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

    package let path: String
    let database: DatabasePool

    /// Opens or creates the journal; the file is readable by its owner alone.
    package init(path: String) throws {
        self.path = path
        let directory = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw JournalError.cannotOpen(path: path, why: error.localizedDescription)
        }
        // SQLite would create the file by the umask; its side files take over the mode of the main one.
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError.cannotOpen(path: path, why: String(cString: strerror(errno))) }
        for file in [path, path + "-wal", path + "-shm"] where chmod(file, 0o600) != 0 && errno != ENOENT {
            let code = errno
            close(descriptor)
            throw JournalError.cannotOpen(path: file, why: String(cString: strerror(code)))
        }
        close(descriptor)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        do {
            database = try Self.whileAlone(path) {
                let database = try DatabasePool(path: path, configuration: configuration)
                // A pool sets its writer to NORMAL, after any preparation: a commit would then outlive this process but
                // not a power cut, and a machine might be launched on an intent that was forgotten.
                try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
                if try database.read(Self.migrator.hasBeenSuperseded) { throw JournalError.newerFormat(path: path) }
                try Self.migrator.migrate(database)
                return database
            }
        } catch let error as DatabaseError {
            throw JournalError.cannotOpen(path: path, why: error.message ?? error.description)
        }
    }

    /// Two processes may find the same new file, and SQLite lets neither wait while the other turns it into a journal.
    /// The lock is on a file of its own: closing the journal itself would give up SQLite's own locks.
    private static func whileAlone<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        let lock = Glibc.open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw JournalError.cannotOpen(path: path, why: String(cString: strerror(errno))) }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw JournalError.cannotOpen(path: path, why: String(cString: strerror(errno)))
            }
        }
        return try body()
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
            guard try Self.last(of: record.id, database) == nil else { throw JournalError.nightExists(record.id) }
            try database.execute(
                sql: "INSERT INTO nights (id, job, date, record) VALUES (?, ?, ?, ?)",
                arguments: [record.id, record.job.name, record.date, try Self.text(record)])
            try Self.insert([event], of: record.id, database)
        }
        return Receipt()
    }

    /// Appends events. When it returns they are on disk; when it throws, none of them is there.
    ///
    /// The first must follow the last one recorded, and so on without gaps: a second writer is refused here, whatever
    /// it believed.
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
            let key = Int.fromDatabaseValue(row["sequence"])
            let what = "event \(key.map(String.init) ?? "?") of \(night)"
            guard let body = String.fromDatabaseValue(row["body"]) else {
                throw JournalError.damaged(what: what, why: "its body is not text")
            }
            let event = try Self.value(body, as: NightEvent.self, of: what)
            guard event.sequence == key else {
                throw JournalError.damaged(what: what, why: "it calls itself event \(event.sequence)")
            }
            return event
        }
    }

    /// The number of the newest event, 0 before the first one; `nil` when there is no such night.
    package func lastSequence(of night: String) throws -> Int? { try database.read { try Self.last(of: night, $0) } }

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
        try database.write { database in
            guard try Self.last(of: night, database) != nil else { throw JournalError.noSuchNight(night) }
            try database.execute(
                sql: "INSERT OR IGNORE INTO stop_orders (night, at) VALUES (?, ?)",
                arguments: [night, now.milliseconds])
        }
    }

    package func isStopOrdered(of night: String) throws -> Bool {
        try database.read {
            try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM stop_orders WHERE night = ?)", arguments: [night])
                ?? false
        }
    }

    private static func insert(_ events: [NightEvent], of night: String, _ database: Database) throws {
        guard var last = try last(of: night, database) else { throw JournalError.noSuchNight(night) }
        for event in events {
            guard event.sequence == last + 1 else {
                throw JournalError.outOfOrder(night: night, sequence: event.sequence, after: last)
            }
            try database.execute(
                sql: "INSERT INTO events (night, sequence, at, body) VALUES (?, ?, ?, ?)",
                arguments: [night, event.sequence, event.at.milliseconds, try text(event)])
            last = event.sequence
        }
    }

    /// The number of the last event, 0 before the first one; `nil` when there is no such night.
    private static func last(of night: String, _ database: Database) throws -> Int? {
        try Int.fetchOne(
            database,
            sql: """
                SELECT coalesce((SELECT max(sequence) FROM events WHERE night = id), 0) FROM nights WHERE id = ?
                """, arguments: [night])
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
            throw JournalError.damaged(what: what, why: Self.sentence(error))
        }
    }

    private static func sentence(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return String(describing: error) }
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context)): no key \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let place = place(context)
            return (place.isEmpty ? "" : place + ": ") + context.debugDescription
        @unknown default: return String(describing: error)
        }
    }
}
