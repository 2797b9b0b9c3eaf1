// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

@Suite struct FencingTests {
    @Test func `a machine thought dead that comes back cannot commit`() async throws {
        let night = try Night()
        let old = try await night.lineage.claim(epoch: 1, at: 0)
        try await night.commit(Night.tree(1), step: 1, under: old)
        let new = try await night.lineage.claim(epoch: 2, at: 0)
        await #expect { try await night.commit(Night.tree(9), step: 9, under: old) } throws: {
            if case CommitError.fenced(by: 2) = $0 { true } else { false }
        }
        #expect(try await night.restore()?.tree == Night.tree(1))
        try await night.commit(Night.tree(2), step: 2, under: new)
        #expect(try await night.restore()?.tree == Night.tree(2))
    }

    @Test func `a lower epoch cannot claim, the same one can`() async throws {
        let night = try Night()
        _ = try await night.lineage.claim(epoch: 5, at: 0)
        #expect(try await night.lineage.claim(epoch: 5, at: 0).sequence == 2)
        await #expect { try await night.lineage.claim(epoch: 4, at: 0) } throws: {
            if case CommitError.fenced(by: 5) = $0 { true } else { false }
        }
    }

    @Test func `a fenced-off writer learns it before it uploads anything`() async throws {
        let night = try Night()
        let old = try await night.lineage.claim(epoch: 1, at: 0)
        _ = try await night.lineage.claim(epoch: 2, at: 0)
        let store = HookedObjectStore(inner: night.memory, before: { call, _ in if call == .put { throw Died() } })
        await #expect {
            try await night.commit(Night.tree(1), step: 1, under: old, through: try night.through(store))
        } throws: {
            if case CommitError.fenced(by: 2) = $0 { true } else { false }
        }
    }

    @Test func `a record that may be a successor's claim is not written over`() async throws {
        let night = try Night()
        let old = try await night.lineage.claim(epoch: 1, at: 0)
        try await night.commit(Night.tree(1), step: 1, under: old)
        let successor = try await night.lineage.claim(epoch: 2, at: 0)
        night.memory.contents[night.key(ofRecord: successor.sequence)] = [0]
        await #expect { try await night.commit(Night.tree(2), step: 2, under: old) } throws: {
            if case CommitError.headUnreadable(successor.sequence, _) = $0 { true } else { false }
        }
        let next = try await night.lineage.claim(epoch: 3, at: 0)
        #expect(try await night.commit(Night.tree(3), step: 3, under: next).number == 3)
        #expect(try await night.restore()?.tree == Night.tree(3))
    }

    @Test func `an answer that was lost is no lost race`() async throws {
        let night = try Night()
        // As after a request that timed out, was applied, and was repeated below us.
        struct Repeating: ObjectStore {
            var inner: MemoryObjectStore
            func get(_ key: ObjectKey, limit: Int) async throws -> [UInt8]? { try await inner.get(key, limit: limit) }
            func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws -> PutOutcome {
                _ = try await inner.putIfAbsent(key, bytes)
                return try await inner.putIfAbsent(key, bytes)
            }
            func list(_ prefix: ObjectKey) async throws -> [ListedObject] { try await inner.list(prefix) }
            func delete(_ key: ObjectKey) async throws { try await inner.delete(key) }
            func removeLeftovers(_ prefix: ObjectKey) async throws {}
        }
        let repeating = try night.through(Repeating(inner: night.memory))
        let claim = try await repeating.claim(epoch: 1, at: 0)
        #expect(try await night.commit(Night.tree(1), step: 1, under: claim, through: repeating).sequence == 2)
        #expect(try await night.memory.list(night.lineage.layout.log).count == 2)
    }
}
