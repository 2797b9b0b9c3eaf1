// SPDX-License-Identifier: Apache-2.0

import Digests

extension S3Bucket {
    /// Writes an object only over the one with this ETag; `taken` when it is another by now, or gone. A repetition of
    /// one's own write that had been applied is `taken` too.
    package func replace(_ key: String, _ bytes: [UInt8], etag: String) async throws(AWSError) -> Written {
        let digest = SHA256.digest(of: bytes)
        let headers: [AWSRequest.Field] = [
            .init("Content-Type", "application/octet-stream"), .init("If-Match", etag),
            .init("x-amz-checksum-sha256", Self.base64(digest)), .init(Self.digestHeader, digest.hex),
        ]
        do throws(AWSError) {
            _ = try await call(request("PUT", key: key, headers: headers, body: bytes), payload: .known(digest))
            return .created
        } catch {
            switch error {
            // 409: another write was under way.
            case .service(_, 412, _, _), .service(_, 404, _, _), .service(_, 409, _, _): return .taken
            default: throw error
            }
        }
    }
}
