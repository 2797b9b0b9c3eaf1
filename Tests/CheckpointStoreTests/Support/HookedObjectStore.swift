// SPDX-License-Identifier: Apache-2.0
import Synchronization

@testable import CheckpointStore

/// Wraps a store; every call asks `before` and tells `after`, either of which may throw or wait.
struct HookedObjectStore: ObjectStore {
    enum Call: Sendable { case get, put, list, delete, sweep }

    var inner: any ObjectStore
    var before: @Sendable (Call, ObjectKey) async throws -> Void = { _, _ in }
    var after: @Sendable (Call, ObjectKey) async throws -> Void = { _, _ in }

    func get(_ key: ObjectKey, limit: Int) async throws -> [UInt8]? {
        try await around(.get, key) { try await inner.get(key, limit: limit) }
    }
    func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws -> PutOutcome {
        try await around(.put, key) { try await inner.putIfAbsent(key, bytes) }
    }
    func list(_ prefix: ObjectKey) async throws -> [ListedObject] {
        try await around(.list, prefix) { try await inner.list(prefix) }
    }
    func delete(_ key: ObjectKey) async throws {
        try await around(.delete, key) { try await inner.delete(key) }
    }
    func removeLeftovers(_ prefix: ObjectKey) async throws {
        try await around(.sweep, prefix) { try await inner.removeLeftovers(prefix) }
    }

    private func around<Answer>(_ call: Call, _ key: ObjectKey, _ work: () async throws -> Answer) async throws
        -> Answer
    {
        try await before(call, key)
        let answer = try await work()
        try await after(call, key)
        return answer
    }
}

struct Died: Error {}

/// Counts effects and dies at the n-th: it and everything after it fails. `nil` only counts.
final class Fuse: Sendable {
    private let burnt: Mutex<Int>
    let length: Int?

    init(_ length: Int?) {
        self.length = length
        burnt = Mutex(0)
    }

    var count: Int { burnt.withLock { $0 } }
    var isDead: Bool { length.map { count >= $0 } ?? false }

    /// Returns the number of this effect, from 1; throws when the fuse is at its end.
    func burn() throws {
        try burnt.withLock { burnt in
            if let length, burnt >= length { throw Died() }
            burnt += 1
            if burnt == length { throw Died() }
        }
    }
}

extension HookedObjectStore {
    /// Dies at the n-th call: `before` it is carried out, or after, with the answer lost.
    static func dying(_ inner: any ObjectStore, _ fuse: Fuse, carriedOut: Bool) -> HookedObjectStore {
        guard carriedOut else { return HookedObjectStore(inner: inner, before: { _, _ in try fuse.burn() }) }
        return HookedObjectStore(
            inner: inner, before: { _, _ in if fuse.isDead { throw Died() } }, after: { _, _ in try fuse.burn() })
    }
}
