// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension S3Bucket {
    package struct Listed: Hashable, Sendable {
        package var key: String
        package var bytes: Int64
        /// When it was written, by the service's clock.
        package var modified: Instant?
    }

    /// A multipart upload that was begun and neither completed nor aborted.
    package struct Upload: Hashable, Sendable {
        package var key: String
        package var id: String
        package var initiated: Instant?
    }

    /// Every object whose key begins so, in the service's order; each once.
    package func list(prefix: String) async throws(AWSError) -> [Listed] {
        var found: [Listed] = []
        var known: Set<String> = []
        try await AWSPages.follow(of: .s3) { token throws(AWSError) in
            var query: [AWSRequest.Field] = [.init("list-type", "2"), .init("prefix", prefix)]
            if let token { query.append(.init("continuation-token", token)) }
            let root = try await xml(query, "ListBucketResult")
            var isNew = false
            for item in root.children where item.name == "Contents" {
                guard let key = item.child("Key")?.text, let bytes = item.child("Size").flatMap({ Int64($0.text) }),
                    key.hasPrefix(prefix)
                else { throw .malformed(service: "S3", what: "a listing with an entry that was not asked for") }
                guard known.insert(key).inserted else { continue }
                isNew = true
                found.append(
                    Listed(
                        key: key, bytes: bytes,
                        modified: item.child("LastModified").flatMap { Instant(iso8601: $0.text) }))
            }
            let next = root.child("NextContinuationToken")?.text ?? ""
            guard root.child("IsTruncated")?.text == "true" else { return nil }
            guard isNew, !next.isEmpty else { throw .malformed(service: "S3", what: "a listing that leads nowhere") }
            return next
        }
        return found
    }

    /// Every unfinished upload whose key begins so.
    package func uploads(prefix: String) async throws(AWSError) -> [Upload] {
        var found: [Upload] = []
        try await AWSPages.follow(of: .s3) { token throws(AWSError) in
            var query: [AWSRequest.Field] = [.init("uploads", ""), .init("prefix", prefix)]
            // Two markers make one token; neither can hold a line break.
            if let marks = token?.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false) {
                query.append(.init("key-marker", String(marks[0])))
                if marks.count > 1, !marks[1].isEmpty { query.append(.init("upload-id-marker", String(marks[1]))) }
            }
            let root = try await xml(query, "ListMultipartUploadsResult")
            for item in root.children where item.name == "Upload" {
                guard let key = item.child("Key")?.text, let id = item.child("UploadId")?.text else {
                    throw .malformed(service: "S3", what: "an upload without a name")
                }
                guard key.hasPrefix(prefix) else { continue }
                found.append(
                    Upload(key: key, id: id, initiated: item.child("Initiated").flatMap { Instant(iso8601: $0.text) }))
            }
            guard root.child("IsTruncated")?.text == "true" else { return nil }
            return (root.child("NextKeyMarker")?.text ?? "") + "\n" + (root.child("NextUploadIdMarker")?.text ?? "")
        }
        return found
    }

    private func xml(_ query: [AWSRequest.Field], _ name: String) async throws(AWSError) -> XMLElement {
        let reply = try await call(request("GET", query: query)) { XMLElement($0.body)?.name == name }
        guard let root = XMLElement(reply.body) else { throw .malformed(service: "S3", what: name) }
        return root
    }
}
