// SPDX-License-Identifier: Apache-2.0

package import Digests

/// An object in parts: begun, each part put, then completed or aborted. Until it is completed there is no object.
extension S3Bucket {
    /// A part that the service has taken.
    package struct UploadedPart: Hashable, Sendable {
        package var number: Int
        package var etag: String
        var checksum: String
    }

    /// What completing came to.
    package enum Completed: Hashable, Sendable {
        case created
        /// 412: the key was taken meanwhile.
        case taken
        /// There is no such upload: it was completed by a request whose answer was lost, or aborted.
        case gone
        /// 409: another write was under way; the upload has to be begun again.
        case conflict
    }

    /// `digest` is that of the whole, noted with the object. An answer that is lost leaves an upload behind.
    package func beginUpload(_ key: String, digest: Digest) async throws(AWSError) -> String {
        let headers: [AWSRequest.Field] = [
            .init("Content-Type", "application/octet-stream"), .init("x-amz-checksum-algorithm", "SHA256"),
            .init(Self.digestHeader, digest.hex),
        ]
        let asked = request("POST", key: key, query: [.init("uploads", "")], headers: headers)
        let reply = try await call(asked) { Self.uploadId($0) != nil }
        guard let id = Self.uploadId(reply) else { throw .malformed(service: "S3", what: "an upload without a name") }
        return id
    }

    /// Parts are numbered from 1; all but the last have 5 MiB at least. May be repeated.
    package func putPart(
        _ number: Int, _ bytes: [UInt8], of key: String, upload id: String
    ) async throws(AWSError) -> UploadedPart {
        let digest = SHA256.digest(of: bytes)
        let checksum = Self.base64(digest)
        let asked = request(
            "PUT", key: key, query: [.init("partNumber", String(number)), .init("uploadId", id)],
            headers: [
                .init("Content-Type", "application/octet-stream"), .init("x-amz-checksum-sha256", checksum),
            ], body: bytes)
        let reply = try await call(asked, payload: .known(digest)) { $0.header("ETag") != nil }
        return UploadedPart(number: number, etag: reply.header("ETag") ?? "", checksum: checksum)
    }

    package func complete(
        _ parts: [UploadedPart], of key: String, upload id: String, onlyIfAbsent: Bool
    ) async throws(AWSError) -> Completed {
        let items = parts.sorted { $0.number < $1.number }.map {
            "<Part><PartNumber>\($0.number)</PartNumber><ETag>\(XMLElement.escaped($0.etag))</ETag>"
                + "<ChecksumSHA256>\($0.checksum)</ChecksumSHA256></Part>"
        }
        let body =
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(items.joined())</CompleteMultipartUpload>"
        var headers: [AWSRequest.Field] = [.init("Content-Type", "application/xml")]
        if onlyIfAbsent { headers.append(.init("If-None-Match", "*")) }
        let asked = request(
            "POST", key: key, query: [.init("uploadId", id)], headers: headers, body: Array(body.utf8))
        do throws(AWSError) {
            // A failure may come with status 200, after the service has waited.
            _ = try await call(asked) { XMLElement($0.body)?.name == "CompleteMultipartUploadResult" }
            return .created
        } catch {
            switch error {
            case .service(_, 412, _, _), .service(_, _, "PreconditionFailed", _): return .taken
            case .service(_, _, "NoSuchUpload", _): return .gone
            case .service(_, 409, _, _): return .conflict
            default: throw error
            }
        }
    }

    /// May be repeated; an upload that is not there is fine.
    package func abort(_ key: String, upload id: String) async throws(AWSError) {
        do throws(AWSError) {
            _ = try await call(request("DELETE", key: key, query: [.init("uploadId", id)]))
        } catch {
            if case .service(_, 404, "NoSuchUpload", _) = error { return }
            throw error
        }
    }

    private static func uploadId(_ reply: AWSReply) -> String? {
        XMLElement(reply.body)?.child("UploadId").flatMap { $0.text.isEmpty ? nil : $0.text }
    }
}
