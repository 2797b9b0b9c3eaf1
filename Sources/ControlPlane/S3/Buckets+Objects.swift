// SPDX-License-Identifier: Apache-2.0

import Digests
import Foundation
import GRDB
import TrainingJobs

/// What is to be stored under a key, beside its bytes.
struct ObjectTerms: Sendable {
    var bucket: String
    var key: String
    var contentType = "binary/octet-stream"
    var metadata: [String: String] = [:]
    var condition = WriteCondition.always
}

/// Bytes in a file on the store's own file system, and what was found out while they were written.
struct IncomingContent: Sendable {
    var file: String
    var size: Int64
    var etag: String
    var checksum: ObjectChecksum?
}

extension Buckets {
    /// Moves a file in; creates an unknown bucket. When it returns the object is durable; when it throws, what was
    /// there before is still there.
    @discardableResult
    package func put(
        file path: String, bucket: String, key: String, contentType: String = "binary/octet-stream",
        metadata: [String: String] = [:]
    ) throws -> StoredObject {
        let (size, etag) = try Self.measure(path)
        let here = try blobs.broughtHere(path)
        do {
            let object = try put(
                IncomingContent(file: here, size: size, etag: etag),
                as: ObjectTerms(bucket: bucket, key: key, contentType: contentType, metadata: metadata))
            unlink(path)
            return object
        } catch {
            unlink(here)
            throw error
        }
    }

    /// The same with bytes that lie beside the blobs and were measured on their way in; the file is gone afterwards.
    func put(_ content: IncomingContent, as terms: ObjectTerms) throws -> StoredObject {
        try Self.check(bucket: terms.bucket)
        try Self.check(key: terms.key)
        let blob = try blobs.adopt(content.file)
        do {
            let object = StoredObject(
                bucket: terms.bucket, key: terms.key, size: content.size, etag: content.etag, modified: now(),
                contentType: terms.contentType, metadata: terms.metadata, checksum: content.checksum,
                file: blobs.file(blob))
            try database.write { try self.record(object, blob: blob, condition: terms.condition, $0) }
            removeRetired()
            return object
        } catch {
            blobs.remove(blob)
            throw error
        }
    }

    func record(_ object: StoredObject, blob: String, condition: WriteCondition, _ database: Database) throws {
        let old = try Self.row(object.bucket, object.key, database)
        try Self.check(condition, etag: old?["etag"], key: object.key)
        try create(object.bucket, database)
        if let old { try retire(old["blob"], database) }
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO objects
                    (bucket, key, blob, size, etag, modified, content_type, metadata, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                object.bucket, Data(object.key.utf8), blob, object.size, object.etag, object.modified.milliseconds,
                object.contentType, try Self.json(object.metadata), try object.checksum.map(Self.json),
            ])
    }

    /// `nil` when there is no such object, or no such bucket.
    package func object(bucket: String, key: String) throws -> StoredObject? {
        try database.read { try Self.row(bucket, key, $0).map(self.object) }
    }

    /// All objects whose keys begin so, in byte order of keys; empty when there is no such bucket.
    package func list(bucket: String, prefix: String = "") throws -> [StoredObject] {
        try database.read { try self.objects(bucket, from: Array(prefix.utf8), prefix: prefix, limit: -1, $0) }
    }

    /// May be repeated: an object that is not there is fine, unless a condition speaks of it.
    package func delete(bucket: String, key: String) throws { try delete(bucket: bucket, key: key, condition: .always) }

    func delete(bucket: String, key: String, condition: WriteCondition) throws {
        try database.write { database in
            let old = try Self.row(bucket, key, database)
            if condition != .always { try Self.check(condition, etag: old?["etag"], key: key) }
            guard let old else { return }
            try self.retire(old["blob"], database)
            try database.execute(
                sql: "DELETE FROM objects WHERE bucket = ? AND key = ?", arguments: [bucket, Data(key.utf8)])
        }
        removeRetired()
    }

    /// Objects with keys from these bytes on, in byte order; a negative limit is none.
    func objects(_ bucket: String, from start: [UInt8], prefix: String, limit: Int, _ database: Database) throws
        -> [StoredObject]
    {
        let end = Self.end(ofPrefix: Array(prefix.utf8))
        return try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM objects WHERE bucket = ? AND key >= ? AND (? IS NULL OR key < ?) ORDER BY key LIMIT ?
                """,
            arguments: [bucket, Data(start), end.map { Data($0) }, end.map { Data($0) }, limit]
        ).map(object)
    }

    /// The first bytes after everything that begins so; `nil` when nothing comes after.
    static func end(ofPrefix prefix: [UInt8]) -> [UInt8]? {
        var end = prefix
        while let last = end.popLast() {
            if last < 255 { return end + [last + 1] }
        }
        return nil
    }

    static func check(key: String) throws {
        guard (1...1024).contains(key.utf8.count) else { throw BucketsError.invalidKey(bytes: key.utf8.count) }
    }

    private static func check(_ condition: WriteCondition, etag: String?, key: String) throws {
        switch condition {
        case .always: break
        case .ifAbsent: if etag != nil { throw BucketsError.preconditionFailed }
        case .ifMatch(let wanted):
            guard let etag else { throw BucketsError.noSuchKey(key) }
            if wanted != "*", wanted != etag { throw BucketsError.preconditionFailed }
        }
    }

    private static func row(_ bucket: String, _ key: String, _ database: Database) throws -> Row? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM objects WHERE bucket = ? AND key = ?", arguments: [bucket, Data(key.utf8)])
    }

    private func object(_ row: Row) throws -> StoredObject {
        let checksum: String? = row["checksum"]
        return StoredObject(
            bucket: row["bucket"], key: String(decoding: row["key"] as Data, as: UTF8.self), size: row["size"],
            etag: row["etag"], modified: Instant(milliseconds: row["modified"]), contentType: row["content_type"],
            metadata: try Self.value(row["metadata"]), checksum: try checksum.map { try Self.value($0) },
            file: blobs.file(row["blob"]))
    }

    func retire(_ blob: String, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO retired (blob, since) VALUES (?, ?)", arguments: [blob, now().milliseconds])
    }

    /// What nobody can be reading any more. A failure leaves it to the next time.
    func removeRetired() {
        let end = (now() - Self.graceForReaders).milliseconds
        let old = try? database.write { database in
            let old = try String.fetchAll(database, sql: "SELECT blob FROM retired WHERE since < ?", arguments: [end])
            if !old.isEmpty { try database.execute(sql: "DELETE FROM retired WHERE since < ?", arguments: [end]) }
            return old
        }
        for blob in old ?? [] { blobs.remove(blob) }
    }

    static func json<Value: Encodable>(_ value: Value) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    /// Reads the whole file once.
    private static func measure(_ path: String) throws -> (size: Int64, etag: String) {
        let file = try OwnedDescriptor(reading: path)
        var hash = ContentHash(.md5)
        let size = try file.forEachPiece { hash.update($0) }
        return (size, Hexadecimal.text(hash.finalize()))
    }
}
