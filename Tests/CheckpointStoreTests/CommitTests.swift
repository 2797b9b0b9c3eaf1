// SPDX-License-Identifier: Apache-2.0
import Digests
import Dispatch
import Synchronization
import Testing

@testable import CheckpointStore

@Suite struct CommitTests {
    @Test func `what was committed is restored, byte for byte`() async throws {
        let night = try Night()
        let claim = try await night.lineage.claim(epoch: 1, at: 0)
        var tree = Night.small
        tree["empty"] = []
        tree["exactly-two-pieces"] = [UInt8](repeating: 5, count: 2000)
        let generation = try await night.commit(tree, step: 1, under: claim)
        let (restored, files) = try #require(try await night.restore())
        #expect(files == tree)
        #expect(restored == Restored(generation: generation, passedOver: []))
        #expect(generation.bytes == Int64(tree.values.reduce(0) { $0 + $1.count }))
        #expect(generation.number == 1 && generation.sequence == 2 && generation.label == "step 1")
    }

    @Test func `the newest of several generations is restored, from a directory too`() async throws {
        let night = try Night()
        let store = try night.through(DirectoryObjectStore(root: night.directory("objects")))
        let claim = try await store.claim(epoch: 1, at: 0)
        for step in 1...3 { try await night.commit(Night.tree(step), step: step, under: claim, through: store) }
        let (restored, files) = try #require(try await night.restore(through: store))
        #expect(files == Night.tree(3))
        #expect(restored.generation.number == 3)
    }

    @Test func `a commit that blocks on its disk does not hold up the shared threads`() async throws {
        let night = try Night()
        let disk = DiskExecutor()
        let isDisk = DispatchSpecificKey<Bool>()
        disk.queue.setSpecific(key: isDisk, value: true)
        let effects = Mutex<[Bool]>([])
        _ = try DirectoryObjectStore(root: night.directory("objects"))
        let gate = EffectGate { _ in effects.withLock { $0.append(DispatchQueue.getSpecific(key: isDisk) == true) } }
        let store = try night.through(DirectoryObjectStore(root: night.directory("objects"), gate: gate))
        try await withTaskExecutorPreference(disk) {
            let claim = try await store.claim(epoch: 1, at: 0)
            try await night.commit(Night.small, step: 1, under: claim, through: store)
        }
        #expect(effects.withLock { $0.count > 10 && !$0.contains(false) })
    }

    @Test func `a repeated commit is the same generation`() async throws {
        let night = try Night()
        let claim = try await night.lineage.claim(epoch: 1, at: 0)
        let first = try await night.commit(Night.small, step: 1, under: claim)
        #expect(try await night.commit(Night.small, step: 1, under: claim) == first)
        let second = try await night.commit(Night.small, step: 2, under: claim)
        #expect(second.number == 2)
    }

    @Test func `the same files under a new epoch are a new generation`() async throws {
        let night = try Night()
        let first = try await night.commit(Night.small, step: 1, under: try await night.lineage.claim(epoch: 1, at: 0))
        let second = try await night.commit(Night.small, step: 1, under: try await night.lineage.claim(epoch: 2, at: 0))
        #expect(second.number == first.number + 1)
    }

    @Test func `a commit heals the damaged piece that it would have relied on`() async throws {
        let night = try Night()
        let claim = try await night.lineage.claim(epoch: 1, at: 0)
        let first = try await night.commit(Night.small, step: 1, under: claim)
        for (index, key) in night.keys(ofPieces: first).enumerated() {
            night.memory.contents[key] = index % 2 == 0 ? night.memory.contents[key].map { $0.map { $0 ^ 1 } } : [1]
        }
        try await night.commit(Night.small, step: 2, under: claim)
        #expect(try await night.restore()?.tree == Night.small)
    }

    @Test func `a file that is not what its writer promised is no generation`() async throws {
        let night = try Night()
        let claim = try await night.lineage.claim(epoch: 1, at: 0)
        try night.directory.write(["a": [1], "b": [2]], to: "source")
        func commit(_ promised: [UInt8]) async throws(CommitError) -> Generation {
            try await night.lineage.commit(
                [SourceFile(path: "a", expected: nil), SourceFile(path: "b", expected: SHA256.digest(of: promised))],
                from: night.directory("source"), under: claim, progress: 1, label: nil, at: 0)
        }
        await #expect { try await commit([3]) } throws: { "\($0)".contains("b does not have the SHA-256") }
        #expect(try await night.restore() == nil)
        #expect(try await commit([2]).number == 1)
    }

    @Test(arguments: [["../x"], ["/etc/passwd"], ["a", "A"], ["a", "a/b"], ["a\u{0}"], ["missing"], ["directory"]])
    func `a path that cannot be committed is refused`(paths: [String]) async throws {
        let night = try Night()
        let claim = try await night.lineage.claim(epoch: 1, at: 0)
        try night.directory.write(["a": [1], "A": [2], "directory/b": [3]], to: "source")
        await #expect {
            try await night.lineage.commit(
                paths.map { SourceFile(path: $0, expected: nil) }, from: night.directory("source"), under: claim,
                progress: 1, label: nil, at: 0)
        } throws: {
            if case CommitError.sourceRefused = $0 { true } else { false }
        }
        #expect(try await night.lineage.list(trusting: .content).isEmpty)
    }

    @Test func `a store that fails says so, and the repetition succeeds`() async throws {
        let night = try Night()
        let claim = try await night.lineage.claim(epoch: 1, at: 0)
        let fuse = Fuse(3)
        let failing = try night.through(HookedObjectStore.dying(night.memory, fuse, carriedOut: false))
        await #expect { try await night.commit(Night.small, step: 1, under: claim, through: failing) } throws: {
            if case CommitError.storage(is Died) = $0 { true } else { false }
        }
        #expect(try await night.commit(Night.small, step: 1, under: claim).number == 1)
    }

    @Test func `a place that holds another lineage is not claimed`() async throws {
        let night = try Night()
        let label = #"{"format":"nightshift-checkpoints","lineage":"other","version":1}"#
        night.memory.contents[night.lineage.layout.label] = Array(label.utf8)
        await #expect { try await night.lineage.claim(epoch: 1, at: 0) } throws: { "\($0)".contains("lineage other") }
    }

    @Test func `the label has the documented bytes`() async throws {
        let night = try Night()
        _ = try await night.lineage.claim(epoch: 1, at: 0)
        #expect(
            night.memory.contents[night.lineage.layout.label]
                == Array((#"{"format":"nightshift-checkpoints","lineage":"night","version":1}"# + "\n").utf8))
    }

    @Test func `a listing that lags behind misleads no writer`() async throws {
        let night = try Night()
        try await night.commitThree()
        let stale = StaleListing(
            inner: night.memory, listing: try await night.memory.list(night.lineage.layout.log).dropLast(2))
        let lagging = try night.through(stale)
        let claim = try await lagging.claim(epoch: 2, at: 0)
        #expect(claim.sequence == 5)
        #expect(try await night.commit(Night.tree(4), step: 4, under: claim, through: lagging).number == 4)
        #expect(try await night.restore(through: lagging)?.tree == Night.tree(4))
    }
}

/// Lists the log as it once was.
private struct StaleListing: ObjectStore {
    var inner: MemoryObjectStore
    var listing: ArraySlice<ListedObject>

    func get(_ key: ObjectKey, limit: Int) async throws -> [UInt8]? { try await inner.get(key, limit: limit) }
    func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws -> PutOutcome {
        try await inner.putIfAbsent(key, bytes)
    }
    func list(_ prefix: ObjectKey) async throws -> [ListedObject] {
        prefix.name == "log" ? Array(listing) : try await inner.list(prefix)
    }
    func delete(_ key: ObjectKey) async throws { try await inner.delete(key) }
    func removeLeftovers(_ prefix: ObjectKey) async throws { try await inner.removeLeftovers(prefix) }
}
