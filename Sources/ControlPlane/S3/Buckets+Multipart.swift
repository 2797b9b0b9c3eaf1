// SPDX-License-Identifier: Apache-2.0

import Digests
import Foundation
import GRDB
import TrainingJobs

/// An upload in parts that is not complete.
struct PendingUpload: Hashable, Sendable {
    var id: String
    var bucket: String
    var key: String
    var created: Instant
    /// Of the parts, as the uploader said at the beginning.
    var algorithm: ChecksumAlgorithm?
}

struct UploadedPart: Hashable, Sendable {
    /// 1 to 10 000.
    var number: Int
    var size: Int64
    var etag: String
    var modified: Instant
    var checksum: ObjectChecksum?
    fileprivate var blob: String
}

/// A part as the completing request names it.
struct NamedPart: Hashable, Sendable {
    var number: Int
    var etag: String
}

extension Buckets {
    static let leastPartBytes: Int64 = 5 << 20

    /// Creates an unknown bucket.
    func beginUpload(_ terms: ObjectTerms, algorithm: ChecksumAlgorithm?) throws -> String {
        try Self.check(bucket: terms.bucket)
        try Self.check(key: terms.key)
        let id = UUID().uuidString.lowercased()
        try database.write { database in
            try create(terms.bucket, database)
            try database.execute(
                sql: """
                    INSERT INTO uploads (id, bucket, key, created, content_type, metadata, algorithm)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, terms.bucket, Data(terms.key.utf8), now().milliseconds, terms.contentType,
                    try Self.json(terms.metadata), algorithm?.rawValue,
                ])
        }
        return id
    }

    /// Stores a part, in any order and beside others; of two with one number the later one counts.
    @discardableResult
    func put(_ content: IncomingContent, part number: Int, of upload: String, bucket: String, key: String) throws
        -> UploadedPart
    {
        let blob = try blobs.adopt(content.file)
        do {
            let part = UploadedPart(
                number: number, size: content.size, etag: content.etag, modified: now(), checksum: content.checksum,
                blob: blob)
            try database.write { database in
                _ = try self.upload(upload, bucket, key, database)
                if let old = try String.fetchOne(
                    database, sql: "SELECT blob FROM parts WHERE upload = ? AND number = ?",
                    arguments: [upload, number])
                {
                    try retire(old, database)
                }
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO parts (upload, number, blob, size, etag, modified, checksum)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        upload, number, blob, part.size, part.etag, part.modified.milliseconds,
                        try part.checksum.map(Self.json),
                    ])
            }
            removeRetired()
            return part
        } catch {
            blobs.remove(blob)
            throw error
        }
    }

    /// By number.
    func parts(of upload: String, bucket: String, key: String) throws -> [UploadedPart] {
        try database.read { database in
            _ = try self.upload(upload, bucket, key, database)
            return try self.parts(of: upload, database)
        }
    }

    func pendingUpload(_ id: String, bucket: String, key: String) throws -> PendingUpload {
        try database.read { Self.pending(try self.upload(id, bucket, key, $0)) }
    }

    /// By key, then by age.
    func uploads(in bucket: String, prefix: String) throws -> [PendingUpload] {
        try database.read { database in
            guard try Self.exists(bucket, database) else { throw BucketsError.noSuchBucket(bucket) }
            return try Row.fetchAll(
                database, sql: "SELECT * FROM uploads WHERE bucket = ? ORDER BY key, created, id", arguments: [bucket]
            ).map(Self.pending).filter { $0.key.utf8.starts(with: prefix.utf8) }
        }
    }

    func abort(upload: String, bucket: String, key: String) throws {
        try database.write { database in
            _ = try self.upload(upload, bucket, key, database)
            try forget(upload: upload, database)
        }
        removeRetired()
    }

    /// Makes one object of the named parts. The rest of the parts are dropped with the upload.
    func complete(
        upload id: String, bucket: String, key: String, parts named: [NamedPart], condition: WriteCondition,
        whole: ObjectChecksum? = nil
    ) throws -> StoredObject {
        let (row, stored) = try database.read { (try self.upload(id, bucket, key, $0), try self.parts(of: id, $0)) }
        let parts = try Self.chosen(named, of: stored)
        let file = blobs.newIncoming()
        let blob: String
        let checksum: ObjectChecksum?
        do {
            let found = try join(parts, into: file, whole: whole)
            if let whole, found != whole.value { throw BucketsError.wrongChecksum(whole.algorithm) }
            checksum = whole ?? Self.composite(parts)
            blob = try blobs.adopt(file)
        } catch {
            unlink(file)
            throw error
        }
        do {
            let object = StoredObject(
                bucket: bucket, key: key, size: parts.map(\.size).reduce(0, +), etag: Self.etag(of: parts),
                modified: now(), contentType: row["content_type"], metadata: try Self.value(row["metadata"]),
                checksum: checksum, file: blobs.file(blob))
            try database.write { database in
                // Somebody else may have completed or aborted it meanwhile.
                _ = try upload(id, bucket, key, database)
                try record(object, blob: blob, condition: condition, database)
                try forget(upload: id, database)
            }
            removeRetired()
            return object
        } catch {
            blobs.remove(blob)
            throw error
        }
    }

    /// The parts go with it; their bytes when nobody can be reading them.
    func forget(upload: String, _ database: Database) throws {
        for blob in try String.fetchAll(database, sql: "SELECT blob FROM parts WHERE upload = ?", arguments: [upload]) {
            try retire(blob, database)
        }
        try database.execute(sql: "DELETE FROM parts WHERE upload = ?", arguments: [upload])
        try database.execute(sql: "DELETE FROM uploads WHERE id = ?", arguments: [upload])
    }

    private func upload(_ id: String, _ bucket: String, _ key: String, _ database: Database) throws -> Row {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM uploads WHERE id = ? AND bucket = ? AND key = ?",
                arguments: [id, bucket, Data(key.utf8)])
        else { throw BucketsError.noSuchUpload(id) }
        return row
    }

    private static func pending(_ row: Row) -> PendingUpload {
        let algorithm: String? = row["algorithm"]
        return PendingUpload(
            id: row["id"], bucket: row["bucket"], key: String(decoding: row["key"] as Data, as: UTF8.self),
            created: Instant(milliseconds: row["created"]),
            algorithm: algorithm.flatMap { ChecksumAlgorithm(rawValue: $0) })
    }

    private func parts(of upload: String, _ database: Database) throws -> [UploadedPart] {
        try Row.fetchAll(database, sql: "SELECT * FROM parts WHERE upload = ? ORDER BY number", arguments: [upload])
            .map { row in
                let checksum: String? = row["checksum"]
                return UploadedPart(
                    number: row["number"], size: row["size"], etag: row["etag"],
                    modified: Instant(milliseconds: row["modified"]),
                    checksum: try checksum.map { try Self.value($0) }, blob: row["blob"])
            }
    }

    private static func chosen(_ named: [NamedPart], of stored: [UploadedPart]) throws -> [UploadedPart] {
        guard !named.isEmpty else { throw BucketsError.invalidPart(0) }
        guard zip(named, named.dropFirst()).allSatisfy({ $0.number < $1.number }) else {
            throw BucketsError.partsOutOfOrder
        }
        let byNumber = Dictionary(uniqueKeysWithValues: stored.map { ($0.number, $0) })
        let parts = try named.map { name in
            guard let part = byNumber[name.number], part.etag == name.etag else {
                throw BucketsError.invalidPart(name.number)
            }
            return part
        }
        for part in parts.dropLast() where part.size < leastPartBytes { throw BucketsError.partTooSmall(part.number) }
        return parts
    }

    /// Returns the checksum of the whole, where one is wanted.
    private func join(_ parts: [UploadedPart], into path: String, whole: ObjectChecksum?) throws -> String? {
        let file = try OwnedDescriptor(creating: path)
        var checksum = whole.flatMap { ChecksumAlgorithm(rawValue: $0.algorithm) }.map { Checksum($0) }
        for part in parts {
            let size = try OwnedDescriptor(reading: blobs.file(part.blob)).forEachPiece { bytes in
                try file.write(bytes)
                checksum?.update(bytes)
            }
            guard size == part.size else { throw BucketsError.invalidPart(part.number) }
        }
        guard let checksum else { return nil }
        return Data(checksum.finalize()).base64EncodedString()
    }

    private static func etag(of parts: [UploadedPart]) -> String {
        var hash = ContentHash(.md5)
        for part in parts { Hexadecimal.bytes(part.etag).withUnsafeBytes { hash.update($0) } }
        return Hexadecimal.text(hash.finalize()) + "-\(parts.count)"
    }

    /// The checksum of the parts' checksums, where all of them have one of one kind.
    private static func composite(_ parts: [UploadedPart]) -> ObjectChecksum? {
        guard let name = parts.first?.checksum?.algorithm, let algorithm = ChecksumAlgorithm(rawValue: name),
            parts.allSatisfy({ $0.checksum?.algorithm == name })
        else { return nil }
        let bytes = parts.flatMap { Array(Data(base64Encoded: $0.checksum?.value ?? "") ?? Data()) }
        return ObjectChecksum(
            algorithm: name, value: Checksum.base64(algorithm, of: bytes) + "-\(parts.count)")
    }
}
