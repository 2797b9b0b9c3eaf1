// SPDX-License-Identifier: Apache-2.0

import AWSClient
import Digests

/// Finds out once whether a bucket's server honours `If-None-Match`: it writes an object twice and wants to be refused.
///
/// Everything that is said about two machines at once hangs on that, and there are servers that read over the header.
/// An answer that did not come is no verdict: the next call asks again.
actor ConditionProbe {
    private enum Way: Hashable { case put, upload }

    private let bucket: S3Bucket
    private let prefix: String
    private var honoured: Set<Way> = []
    private var running: [Way: Task<Void, any Error>] = [:]

    init(bucket: S3Bucket, prefix: String) {
        self.bucket = bucket
        self.prefix = prefix
    }

    func check() async throws { try await check(.put) }

    /// Completing an upload in parts is a way to write of its own.
    func checkUploads() async throws { try await check(.upload) }

    private func check(_ way: Way) async throws {
        if honoured.contains(way) { return }
        let task = running[way] ?? Task { [bucket, prefix] in try await Self.probe(way, bucket, prefix) }
        running[way] = task
        let result = await task.result
        if running[way] == task { running[way] = nil }
        try result.get()
        honoured.insert(way)
    }

    private static func probe(_ way: Way, _ bucket: S3Bucket, _ prefix: String) async throws {
        // A name that no other probe has, and that a listing of a store passes over.
        let key = "\(prefix).probe-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        _ = try await bucket.put(key, [1], onlyIfAbsent: false)
        let result: Result<Bool, any Error>
        do {
            switch way {
            case .put: result = .success(try await bucket.put(key, [2], onlyIfAbsent: true) == .taken)
            case .upload: result = .success(try await isRefusedAsUpload(key, bucket))
            }
        } catch { result = .failure(error) }
        // A stray object of one byte is no harm.
        try? await bucket.delete(key)  // see above
        if try !result.get() { throw S3StoreError.conditionsIgnored(bucket: bucket.name) }
    }

    private static func isRefusedAsUpload(_ key: String, _ bucket: S3Bucket) async throws -> Bool {
        let upload = try await bucket.beginUpload(key, digest: SHA256.digest(of: [3]))
        let completed: Result<S3Bucket.Completed, any Error>
        do {
            let part = try await bucket.putPart(1, [3], of: key, upload: upload)
            completed = .success(try await bucket.complete([part], of: key, upload: upload, onlyIfAbsent: true))
        } catch { completed = .failure(error) }
        try? await bucket.abort(key, upload: upload)  // it may be gone; `removeLeftovers` finds it otherwise
        switch try completed.get() {
        case .taken: return true
        case .created: return false
        // No verdict: perhaps an answer was lost.
        case .gone, .conflict: throw S3StoreError.contradiction(key: key)
        }
    }
}
