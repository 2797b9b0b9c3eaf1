// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import ProcessSupervision
package import TrainingJobs

/// Buckets and their objects: an index in SQLite, the bytes in files beside it (`docs/stage.md`).
///
/// Whatever was acknowledged outlives this process and a power cut. A put is whole or it is not there. All calls block
/// on the disk.
package final class Buckets: Sendable {
    package struct Bucket: Hashable, Sendable {
        package var name: String
        package var created: Instant
    }

    /// How long the bytes of an object that was replaced stay for those who read them.
    static let graceForReaders: Duration = .seconds(60)

    let blobs: BlobDirectory
    let database: DatabasePool
    let now: @Sendable () -> Instant
    private let lock: ServerLock

    /// Opens or creates the store below a directory that is its own; fails while another process has it open.
    package init(directory: String, now: @escaping @Sendable () -> Instant = { SystemClock.now() }) throws {
        self.now = now
        blobs = try BlobDirectory(path: directory)
        lock = try ServerLock(directory: directory)
        let path = directory + "/index.sqlite"
        // SQLite would create the file by the umask; its side files take over the mode of the main one.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BucketsError.last("open", path) }
        close(descriptor)
        do {
            database = try DatabasePool(path: path)
            // A pool sets its writer to NORMAL, with which a commit may be lost to a power cut.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            if try database.read(Self.migrator.hasBeenSuperseded) {
                throw BucketsError.newerFormat(directory: directory)
            }
            try Self.migrator.migrate(database)
        } catch let error as DatabaseError {
            throw BucketsError.cannot("open", path: path, why: error.message ?? error.description)
        }
        try removeWhatNobodyKnows()
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            // Keys are blobs: ordered by bytes, and a NUL is a byte like any other.
            try database.execute(
                sql: """
                    CREATE TABLE buckets (name TEXT PRIMARY KEY NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE TABLE objects (
                        bucket TEXT NOT NULL REFERENCES buckets (name), key BLOB NOT NULL, blob TEXT NOT NULL UNIQUE,
                        size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
                        content_type TEXT NOT NULL, metadata TEXT NOT NULL, checksum TEXT, PRIMARY KEY (bucket, key));
                    CREATE TABLE uploads (
                        id TEXT PRIMARY KEY NOT NULL, bucket TEXT NOT NULL REFERENCES buckets (name),
                        key BLOB NOT NULL, created INTEGER NOT NULL, content_type TEXT NOT NULL,
                        metadata TEXT NOT NULL, algorithm TEXT);
                    CREATE TABLE parts (
                        upload TEXT NOT NULL REFERENCES uploads (id), number INTEGER NOT NULL,
                        blob TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, etag TEXT NOT NULL,
                        modified INTEGER NOT NULL, checksum TEXT, PRIMARY KEY (upload, number));
                    CREATE TABLE retired (blob TEXT PRIMARY KEY NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID;
                    """)
        }
        return migrator
    }

    /// May be repeated.
    package func create(_ bucket: String) throws {
        try Self.check(bucket: bucket)
        try database.write { try self.create(bucket, $0) }
    }

    func create(_ bucket: String, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO buckets (name, created) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [bucket, now().milliseconds])
    }

    package func exists(_ bucket: String) throws -> Bool {
        try database.read { try Self.exists(bucket, $0) }
    }

    static func exists(_ bucket: String, _ database: Database) throws -> Bool {
        try Row.fetchOne(database, sql: "SELECT 1 FROM buckets WHERE name = ?", arguments: [bucket]) != nil
    }

    /// By name.
    package func buckets() throws -> [Bucket] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT name, created FROM buckets ORDER BY name").map {
                Bucket(name: $0["name"], created: Instant(milliseconds: $0["created"]))
            }
        }
    }

    package func names() throws -> [String] { try buckets().map(\.name) }

    /// Removes an empty bucket, with the uploads that were never completed.
    package func delete(_ bucket: String) throws {
        try database.write { database in
            guard try Self.exists(bucket, database) else { throw BucketsError.noSuchBucket(bucket) }
            let object = try Row.fetchOne(
                database, sql: "SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", arguments: [bucket])
            guard object == nil else { throw BucketsError.bucketNotEmpty(bucket) }
            for upload in try String.fetchAll(
                database, sql: "SELECT id FROM uploads WHERE bucket = ?", arguments: [bucket])
            {
                try self.forget(upload: upload, database)
            }
            try database.execute(sql: "DELETE FROM buckets WHERE name = ?", arguments: [bucket])
        }
    }

    static func check(bucket: String) throws {
        guard bucket.wholeMatch(of: /[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/) != nil, !bucket.contains("..") else {
            throw BucketsError.invalidBucketName(bucket)
        }
    }

    /// Bytes that no row knows: a server was killed between moving them in and recording them.
    private func removeWhatNobodyKnows() throws {
        try blobs.removeIncoming()
        let known = try database.write { database in
            try database.execute(sql: "DELETE FROM retired")
            return try Set(String.fetchAll(database, sql: "SELECT blob FROM objects UNION SELECT blob FROM parts"))
        }
        for blob in try blobs.names() where !known.contains(blob) { blobs.remove(blob) }
    }
}

/// The right to serve from a directory. The kernel holds it for the process and takes it back when that dies.
private final class ServerLock: Sendable {
    private let descriptor: Int32

    init(directory: String) throws {
        let path = directory + "/server.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BucketsError.last("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw errno == EWOULDBLOCK ? BucketsError.inUse(directory: directory) : BucketsError.last("lock", path)
        }
    }

    deinit { close(descriptor) }
}
