// SPDX-License-Identifier: Apache-2.0

import AWSClient
package import CheckpointStore
import Digests

extension S3ObjectStore {
    package func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws -> PutOutcome {
        try await explained {
            try await probe.check()
            for _ in 1...3 {
                switch try await put(bytes, at: place(key)) {
                case .created: return .created
                case .taken:
                    // Our caller relies on it, so it has to be seen: also when it was an earlier try of our own.
                    if try await bucket.head(place(key)) != nil { return .exists }
                case .again: continue
                }
            }
            throw S3StoreError.contradiction(key: place(key))
        }
    }

    private enum Attempt { case created, taken, again }

    private func put(_ bytes: [UInt8], at key: String) async throws -> Attempt {
        guard bytes.count > sizes.wholeBytes else {
            return try await bucket.put(key, bytes, onlyIfAbsent: true) == .created ? .created : .taken
        }
        try await probe.checkUploads()
        let digest = SHA256.digest(of: bytes)
        let upload = try await bucket.beginUpload(key, digest: digest)
        do {
            let parts = try await putParts(bytes, of: key, upload: upload)
            switch try await bucket.complete(parts, of: key, upload: upload, onlyIfAbsent: true) {
            case .created: return .created
            case .gone:
                // Ours, completed by a request whose answer was lost, if it is there with our digest.
                return try await bucket.head(key)?.sha256 == digest.hex ? .created : .again
            case .taken:
                try? await bucket.abort(key, upload: upload)  // `removeLeftovers` finds it again
                return .taken
            case .conflict:
                try? await bucket.abort(key, upload: upload)  // likewise
                return .again
            }
        } catch {
            // Best effort: the error that led here counts, and `removeLeftovers` finds the upload again. After an
            // unclear completion there is either nothing to abort any more, or nothing was created.
            try? await bucket.abort(key, upload: upload)  // see above
            throw error
        }
    }

    private func putParts(_ bytes: [UInt8], of key: String, upload: String) async throws -> [S3Bucket.UploadedPart] {
        let count = (bytes.count + sizes.partBytes - 1) / sizes.partBytes
        return try await withThrowingTaskGroup(of: S3Bucket.UploadedPart.self) { group in
            var parts: [S3Bucket.UploadedPart] = []
            for number in 1...count {
                if number > sizes.atOnce, let part = try await group.next() { parts.append(part) }
                let start = (number - 1) * sizes.partBytes
                group.addTask {
                    let part = Array(bytes[start..<min(start + sizes.partBytes, bytes.count)])
                    return try await bucket.putPart(number, part, of: key, upload: upload)
                }
            }
            for try await part in group { parts.append(part) }
            return parts
        }
    }
}
