// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Glibc
package import TrainingJobs

/// Log lines of jobs in one SQLite file. A stream's times never go backwards, whatever the wall's clock does, and lines
/// of one millisecond keep their order: a client remembers how many it has seen.
package final class LogStore: Sendable {
    package struct Event: Hashable, Sendable {
        /// Rises within a stream.
        package var sequence: Int64
        package var stream: String
        package var at: Instant
        package var message: String
    }

    package struct Stream: Hashable, Sendable {
        package var name: String
        package var created: Instant
        package var first: Instant?
        package var last: Instant?
    }

    /// Which lines of a stream are wanted.
    package struct Query: Hashable, Sendable {
        package var streams: [String]
        /// Inclusive.
        package var from: Instant?
        /// Exclusive.
        package var until: Instant?
        package var after: Int64?
        package var before: Int64?
        package var fromHead: Bool
        package var limit: Int

        package init(
            streams: [String], from: Instant? = nil, until: Instant? = nil, after: Int64? = nil, before: Int64? = nil,
            fromHead: Bool = true, limit: Int
        ) {
            self.streams = streams
            self.from = from
            self.until = until
            self.after = after
            self.before = before
            self.fromHead = fromHead
            self.limit = limit
        }
    }

    private let database: DatabasePool

    package init(path: String) throws {
        database = try DatabasePool.ownersAlone(path: path)
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE streams (
                        name TEXT PRIMARY KEY NOT NULL, created INTEGER NOT NULL, first INTEGER, last INTEGER)
                        WITHOUT ROWID;
                    CREATE TABLE events (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, at INTEGER NOT NULL,
                        message TEXT NOT NULL);
                    CREATE INDEX events_of_streams ON events (stream, sequence);
                    """)
        }
        try migrator.migrate(database)
    }

    /// May be repeated.
    package func create(_ stream: String, at now: Instant) throws {
        try database.write { database in
            try database.execute(
                sql: "INSERT INTO streams (name, created) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [stream, now.milliseconds])
        }
    }

    package func append(_ message: String, to stream: String, at now: Instant) throws {
        try database.write { database in
            let last = try Int64.fetchOne(database, sql: "SELECT last FROM streams WHERE name = ?", arguments: [stream])
            let at = max(now.milliseconds, last ?? now.milliseconds)
            try database.execute(
                sql: "INSERT INTO events (stream, at, message) VALUES (?, ?, ?)", arguments: [stream, at, message])
            try database.execute(
                sql: "UPDATE streams SET first = IFNULL(first, ?), last = ? WHERE name = ?",
                arguments: [at, at, stream])
        }
    }

    /// In order of names.
    package func streams(prefix: String) throws -> [Stream] {
        try database.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT name, created, first, last FROM streams WHERE substr(name, 1, ?) = ? ORDER BY name",
                arguments: [prefix.unicodeScalars.count, prefix]
            ).map { row in
                Stream(
                    name: row["name"], created: Instant(milliseconds: row["created"]),
                    first: (row["first"] as Int64?).map { Instant(milliseconds: $0) },
                    last: (row["last"] as Int64?).map { Instant(milliseconds: $0) })
            }
        }
    }

    package func exists(_ stream: String) throws -> Bool {
        try database.read { database in
            try Row.fetchOne(database, sql: "SELECT 1 FROM streams WHERE name = ?", arguments: [stream]) != nil
        }
    }

    /// In order of sequence, whichever end they are taken from.
    package func events(_ query: Query) throws -> [Event] {
        let marks = query.streams.map { _ in "?" }.joined(separator: ", ")
        var conditions = ["stream IN (\(marks))"]
        var arguments = StatementArguments(query.streams)
        for (value, condition) in [
            (query.from?.milliseconds, "at >= ?"), (query.until?.milliseconds, "at < ?"),
            (query.after, "sequence > ?"), (query.before, "sequence < ?"),
        ] {
            guard let value else { continue }
            conditions.append(condition)
            arguments += [value]
        }
        let text = conditions.joined(separator: " AND ")
        let order = query.fromHead ? "ASC" : "DESC"
        arguments += [query.limit]
        let rows = try database.read { [arguments] database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT sequence, stream, at, message FROM events WHERE \(text) ORDER BY sequence \(order) LIMIT ?",
                arguments: arguments)
        }
        let events = rows.map { row in
            Event(
                sequence: row["sequence"], stream: row["stream"], at: Instant(milliseconds: row["at"]),
                message: row["message"])
        }
        return query.fromHead ? events : events.reversed()
    }
}

extension DatabasePool {
    /// A file that only its owner reads, whatever the umask; its side files take over its mode.
    static func ownersAlone(path: String) throws -> DatabasePool {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw BucketsError.cannot("open", path: path, why: String(cString: strerror(errno)))
        }
        Glibc.close(descriptor)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabasePool(path: path, configuration: configuration)
    }
}
