// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

/// Every body of `ObjectStore`. A new one joins here and is held to the same laws.
enum StoreBody: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, directory

    var testDescription: String { rawValue }

    /// An empty store; the directory must outlive it.
    func make(in directory: TemporaryDirectory) throws -> any ObjectStore {
        switch self {
        case .memory: MemoryObjectStore()
        case .directory: try DirectoryObjectStore(root: directory("objects"))
        }
    }
}

@Suite struct ObjectStoreConformance {
    private let directory: TemporaryDirectory
    private let a: ObjectKey
    private let b: ObjectKey
    private let folder: ObjectKey

    init() throws {
        directory = try TemporaryDirectory()
        folder = try #require(ObjectKey("x/y"))
        a = try #require(ObjectKey("x/y/a.json"))
        b = try #require(ObjectKey("x/y/z/b"))
    }

    @Test(arguments: StoreBody.allCases)
    func `what was put is read back`(body: StoreBody) async throws {
        let store = try body.make(in: directory)
        for (key, bytes) in [(a, [UInt8]()), (b, SplitMix64.some(100_000))] {
            #expect(try await store.putIfAbsent(key, bytes) == .created)
            #expect(try await store.get(key, limit: 100_000) == bytes)
        }
    }

    @Test(arguments: StoreBody.allCases)
    func `an object is never replaced`(body: StoreBody) async throws {
        let store = try body.make(in: directory)
        #expect(try await store.putIfAbsent(a, [1]) == .created)
        #expect(try await store.putIfAbsent(a, [2, 2]) == .exists)
        #expect(try await store.get(a, limit: 10) == [1])
    }

    @Test(arguments: StoreBody.allCases)
    func `what is not there is nil, nothing and fine`(body: StoreBody) async throws {
        let store = try body.make(in: directory)
        #expect(try await store.get(a, limit: 10) == nil)
        #expect(try await store.list(folder).isEmpty)
        try await store.delete(a)
        try await store.removeLeftovers(folder)
    }

    @Test(arguments: StoreBody.allCases)
    func `an object over the limit is damaged, one at the limit is not`(body: StoreBody) async throws {
        let store = try body.make(in: directory)
        _ = try await store.putIfAbsent(a, [1, 2, 3])
        #expect(try await store.get(a, limit: 3) == [1, 2, 3])
        await #expect(throws: ObjectDamaged.self) { try await store.get(a, limit: 2) }
    }

    @Test(arguments: StoreBody.allCases)
    func `a listing has the keys below the prefix in byte order`(body: StoreBody) async throws {
        let store = try body.make(in: directory)
        let keys = ["x/y/b", "x/y/a/1", "x/y/a.1", "x/y/B", "x/y/a-1"].compactMap { ObjectKey($0) }
        for key in keys { _ = try await store.putIfAbsent(key, [0, 0]) }
        for other in ["x/yy", "x/z", "q"].compactMap({ ObjectKey($0) }) { _ = try await store.putIfAbsent(other, []) }
        #expect(try await store.list(folder) == keys.sorted().map { ListedObject(key: $0, bytes: 2) })
    }

    @Test(arguments: StoreBody.allCases)
    func `a deleted key is free again`(body: StoreBody) async throws {
        let store = try body.make(in: directory)
        _ = try await store.putIfAbsent(a, [1])
        try await store.delete(a)
        try await store.delete(a)
        #expect(try await store.get(a, limit: 10) == nil)
        #expect(try await store.putIfAbsent(a, [2]) == .created)
    }

    @Test(arguments: StoreBody.allCases)
    func `of many creators at once exactly one wins, and its bytes stay`(body: StoreBody) async throws {
        let store = try body.make(in: directory)
        for round in 0..<20 {
            let key = folder.appending("race-\(round)")
            let winners = try await withThrowingTaskGroup(of: (UInt8, PutOutcome).self) { group in
                for writer in UInt8(0)..<8 {
                    group.addTask { (writer, try await store.putIfAbsent(key, [writer])) }
                }
                return try await group.reduce(into: [UInt8]()) { if $1.1 == .created { $0.append($1.0) } }
            }
            #expect(winners.count == 1)
            #expect(try await store.get(key, limit: 10) == winners)
        }
    }
}

extension SplitMix64 {
    static func some(_ count: Int) -> [UInt8] {
        var generator = SplitMix64(seed: 42)
        return generator.bytes(count)
    }
}
