// SPDX-License-Identifier: Apache-2.0

package import AWSClient
package import CheckpointStore
package import TrainingJobs

/// Objects in a bucket, below a prefix of it.
///
/// An object is created by a PUT with `If-None-Match: *`, a large one by an upload in parts that is completed under the
/// same condition. Before the first one the bucket has to show that it honours the condition. Each object carries the
/// SHA-256 of its bytes, which the service checks when it takes them and this store when it reads them.
///
/// Memory: the object itself once, and the parts that are under way.
package struct S3ObjectStore: ObjectStore {
    var bucket: S3Bucket
    /// Ends with `/`, or is empty.
    let prefix: String
    let now: @Sendable () -> Instant
    let staleAfter: Duration
    let probe: ConditionProbe
    let sizes: Sizes

    /// What is cut into parts. Smaller ones serve tests; the service itself wants 5 MiB at least.
    package struct Sizes: Hashable, Sendable {
        /// The most that goes up in one request. The commit log's records do, the largest too: not every server that
        /// honours the condition of a PUT holds it where completions of uploads in parts race.
        package var wholeBytes = 16 << 20
        package var partBytes = 8 << 20
        /// How many parts are under way at once.
        package var atOnce = 4
        package init() {}
    }

    /// Does no I/O. An upload in parts counts as left by a dead writer after `staleAfter`.
    package init(
        bucket: S3Bucket, prefix: ObjectKey?, now: @escaping @Sendable () -> Instant,
        staleAfter: Duration = .hours(1), sizes: Sizes = Sizes()
    ) {
        self.bucket = bucket
        self.prefix = prefix.map { $0.text + "/" } ?? ""
        self.now = now
        self.staleAfter = staleAfter
        self.sizes = sizes
        probe = ConditionProbe(bucket: bucket, prefix: self.prefix)
    }

    package func list(_ prefix: ObjectKey) async throws -> [ListedObject] {
        try await explained {
            var found: [ListedObject] = []
            for item in try await bucket.list(prefix: place(prefix) + "/") {
                // What has another kind of name was not put by a store.
                guard let key = ObjectKey(String(item.key.dropFirst(self.prefix.count))) else { continue }
                found.append(ListedObject(key: key, bytes: item.bytes))
            }
            return found.sorted { $0.key < $1.key }
        }
    }

    package func delete(_ key: ObjectKey) async throws {
        try await explained { try await bucket.delete(place(key)) }
    }

    package func removeLeftovers(_ prefix: ObjectKey) async throws {
        try await explained {
            for upload in try await bucket.uploads(prefix: place(prefix) + "/") {
                // One whose time is not told may be a living writer's; that one starts again.
                if let initiated = upload.initiated, initiated > now() - staleAfter { continue }
                try await bucket.abort(upload.key, upload: upload.id)
            }
        }
    }

    func place(_ key: ObjectKey) -> String { prefix + key.text }

    /// Says in words what a person can mend.
    func explained<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do { return try await body() } catch AWSError.service(_, 301, _, _) {
            throw S3StoreError.otherRegion(bucket: bucket.name, region: bucket.region)
        }
    }
}
