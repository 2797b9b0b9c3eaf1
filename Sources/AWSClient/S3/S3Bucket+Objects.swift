// SPDX-License-Identifier: Apache-2.0

import Digests
import FoundationEssentials

extension S3Bucket {
    /// What there is to know about an object without its bytes.
    package struct ObjectInfo: Hashable, Sendable {
        package var bytes: Int64
        package var etag: String
        /// SHA-256 of the whole, 64 digits, as its writer noted it; `nil` where the writer did not.
        package var sha256: String?
    }

    /// A part of an object, or all of it.
    package struct Part: Hashable, Sendable {
        package var info: ObjectInfo
        package var bytes: [UInt8]
    }

    /// What a conditional write came to.
    package enum Written: Hashable, Sendable {
        case created
        /// 412: the condition does not hold.
        case taken
    }

    /// Where the SHA-256 of an object is noted, so that a reader can check the whole of it.
    static let digestHeader = "x-amz-meta-nightshift-sha256"

    /// Writes an object. With `onlyIfAbsent` it never replaces one; a repetition of one's own write that had been
    /// applied is `taken` too. The service checks the bytes against their SHA-256 before it takes them.
    package func put(_ key: String, _ bytes: [UInt8], onlyIfAbsent: Bool) async throws(AWSError) -> Written {
        let digest = SHA256.digest(of: bytes)
        var headers: [AWSRequest.Field] = [
            .init("Content-Type", "application/octet-stream"),
            .init("x-amz-checksum-sha256", Self.base64(digest)), .init(Self.digestHeader, digest.hex),
        ]
        if onlyIfAbsent { headers.append(.init("If-None-Match", "*")) }
        do throws(AWSError) {
            _ = try await call(request("PUT", key: key, headers: headers, body: bytes), payload: .known(digest))
            return .created
        } catch {
            if case .service(_, 412, _, _) = error, onlyIfAbsent { return .taken }
            throw error
        }
    }

    /// `nil` when the service says that there is no such key. A range is of at least one byte; `etag` demands that it is
    /// still the same object, else 412.
    package func get(
        _ key: String, range: Range<Int64>? = nil, etag: String? = nil
    ) async throws(AWSError) -> Part? {
        var headers: [AWSRequest.Field] = []
        if let range { headers.append(.init("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        if let etag { headers.append(.init("If-Match", etag)) }
        do throws(AWSError) {
            let reply = try await call(request("GET", key: key, headers: headers)) { Self.part($0, of: range) != nil }
            guard let part = Self.part(reply, of: range) else {
                throw .malformed(service: "S3", what: "a part of an object")
            }
            return part
        } catch {
            switch error {
            case .service(_, 404, "NoSuchKey", _): return nil
            // No byte of an empty object is in any range.
            case .service(_, 416, _, _) where range?.lowerBound == 0: return try await get(key, etag: etag)
            default: throw error
            }
        }
    }

    /// `nil` when the service says that there is no such key.
    package func head(_ key: String) async throws(AWSError) -> ObjectInfo? {
        do throws(AWSError) {
            let reply = try await call(request("HEAD", key: key)) { Self.info($0) != nil }
            guard let info = Self.info(reply) else {
                throw .malformed(service: "S3", what: "an object without a length")
            }
            return info
        } catch {
            if case .service(_, 404, _, _) = error { return nil }
            throw error
        }
    }

    /// When it returns, the object is gone; one that was not there is fine.
    package func delete(_ key: String) async throws(AWSError) {
        _ = try await call(request("DELETE", key: key))
    }

    private static func info(_ reply: AWSReply, bytes: Int64? = nil) -> ObjectInfo? {
        guard let bytes = bytes ?? reply.header("Content-Length").flatMap({ Int64($0) }), bytes >= 0 else { return nil }
        return ObjectInfo(bytes: bytes, etag: reply.header("ETag") ?? "", sha256: reply.header(digestHeader))
    }

    /// `nil` when the answer is not what was asked for: fewer bytes than it promises, another range.
    private static func part(_ reply: AWSReply, of range: Range<Int64>?) -> Part? {
        let count = Int64(reply.body.count)
        guard reply.status == 206 else {
            if let length = reply.header("Content-Length").flatMap({ Int64($0) }), length != count { return nil }
            // The whole: also when a server does not know ranges.
            if let range, range.lowerBound != 0 { return nil }
            return info(reply, bytes: count).map { Part(info: $0, bytes: reply.body) }
        }
        guard let range, let said = reply.header("Content-Range"),
            let match = said.wholeMatch(of: /bytes ([0-9]{1,18})-([0-9]{1,18})\/([0-9]{1,18})/),
            let first = Int64(match.output.1), let last = Int64(match.output.2), let total = Int64(match.output.3),
            first == range.lowerBound, last == min(range.upperBound, total) - 1, count == last - first + 1
        else { return nil }
        return info(reply, bytes: total).map { Part(info: $0, bytes: reply.body) }
    }

    static func base64(_ digest: Digest) -> String { Data(digest.bytes).base64EncodedString() }
}
