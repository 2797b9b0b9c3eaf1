// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import StoreTesting
import Testing

@testable import AWSClient
@testable import S3Store

/// Servers that read over conditions exist, and two machines must not find that out by losing a checkpoint.
@Suite struct ConditionProbeTests {
    @Test func `a server that ignores conditions is refused before anything is written for good`() async throws {
        let server = try ForgetfulServer(forgets: .everything)
        let store = try Site(port: server.port).store(prefix: Site.prefix())
        let lineage = try #require(Lineage("night", in: store))
        await #expect {
            _ = try await lineage.claim(epoch: 1, at: 0)
        } throws: {
            guard case CommitError.storage(S3StoreError.conditionsIgnored) = $0 else { return false }
            return "\($0)".contains(
                "bucket checkpoints: its server ignores If-None-Match and writes over objects, so two machines could "
                    + "commit at once and lose a checkpoint; use a server with conditional writes")
        }
        #expect(server.keys.isEmpty, "the probe's object is removed")
        let key = try #require(ObjectKey("night/one"))
        await #expect(throws: S3StoreError.conditionsIgnored(bucket: SeaweedFS.bucket)) {
            _ = try await store.putIfAbsent(key, [1])
        }
    }

    @Test func `a server that ignores them for uploads in parts alone is refused for large objects`() async throws {
        let server = try ForgetfulServer(forgets: .completions)
        let store = try Site(port: server.port).store(prefix: Site.prefix())
        let small = try #require(ObjectKey("night/small")), large = try #require(ObjectKey("night/large"))
        #expect(try await store.putIfAbsent(small, [1]) == .created)
        await #expect(throws: S3StoreError.conditionsIgnored(bucket: SeaweedFS.bucket)) {
            _ = try await store.putIfAbsent(large, ObjectStoreRule.bytes((16 << 20) + 1))
        }
        #expect(server.keys.filter { $0.contains("large") || $0.contains("probe") }.isEmpty)
    }
}
