// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Digests
import StoreTesting
import Testing

@testable import AWSClient
@testable import S3Store

/// One cell of the matrix: a store behind the proxy, and the same objects seen without it.
struct FaultBench: Sendable {
    let cell: FaultMatrixTests.Cell
    let times: Int
    let proxy: FaultyProxy
    /// What is tried: with little patience where the fault is silence.
    let store: S3ObjectStore
    /// The same behind the same proxy, with patience.
    let calm: S3ObjectStore
    /// Without the proxy.
    let truth: S3ObjectStore
    private let key: ObjectKey
    private let folder: ObjectKey
    private var place: Comment { "\(cell.testDescription), \(times == 1 ? "once" : "always")" }

    init(cell: FaultMatrixTests.Cell, times: Int, proxy: FaultyProxy, real: Site) async throws {
        self.cell = cell
        self.times = times
        self.proxy = proxy
        let prefix = Site.prefix()
        var sizes = S3ObjectStore.Sizes()
        // The least that a server takes as a part; ranges may be smaller.
        sizes.partBytes = cell.operation == .rangedGet ? 1000 : 5 << 20
        sizes.wholeBytes = sizes.partBytes
        let site = Site(port: proxy.port)
        calm = S3ObjectStore(
            bucket: try site.bucket(), prefix: ObjectKey(prefix), now: Site.now, staleAfter: .zero, sizes: sizes)
        let isSilent = [.timeoutBefore, .timeoutAfter, .trickle].contains(cell.fault)
        var store = calm
        if isSilent { store.bucket = try site.bucket(attempts: 2, patience: .milliseconds(1500)) }
        self.store = store
        truth = try real.store(prefix: prefix)
        key = try #require(ObjectKey("n/object"))
        folder = try #require(ObjectKey("n"))
        try await store.probe.check()
        if [.beginUpload, .putPart, .complete, .abort].contains(cell.operation) {
            try await store.probe.checkUploads()
        }
    }

    /// The answer, or nothing when an error was told.
    private func faulty<Answer: Sendable>(_ body: () async throws -> Answer) async -> Answer? {
        proxy.inject(cell.fault, into: cell.operation, times: times)
        defer { proxy.mend() }
        return try? await body()  // to fail is allowed
    }

    private func mended(_ bytes: [UInt8]) async throws {
        _ = try await calm.putIfAbsent(key, bytes)
        #expect(try await truth.get(key, limit: 16 << 20) == bytes, place)
    }

    private func put(_ bytes: [UInt8]) async throws {
        let answer = await faulty { try await store.putIfAbsent(key, bytes) }
        let found = try await truth.get(key, limit: 16 << 20)
        #expect(found == nil || found == bytes, place)
        if answer != nil { #expect(found == bytes, place) }
        try await mended(bytes)
    }

    /// The key is another's: it must not be said to be ours, and stays as it is.
    private func putOnTaken(_ bytes: [UInt8]) async throws {
        _ = try await truth.delete(key)
        _ = try await truth.putIfAbsent(key, [9])
        let answer = await faulty { try await store.putIfAbsent(key, bytes) }
        #expect(answer != .created, place)
        #expect(try await truth.get(key, limit: 10) == [9], place)
    }

    func smallPut() async throws {
        let bytes = ObjectStoreRule.bytes(1000)
        try await put(bytes)
        try await putOnTaken(bytes)
    }

    func largePut() async throws {
        let bytes = ObjectStoreRule.bytes(1000) + [UInt8](repeating: 5, count: 5 << 20)
        try await put(bytes)
        try await putOnTaken(bytes)
        try await calm.removeLeftovers(folder)
        #expect(try await truth.bucket.uploads(prefix: truth.prefix).isEmpty, place)
    }

    func lostRace() async throws {
        try await putOnTaken([UInt8](repeating: 5, count: (5 << 20) + 1))
        try await calm.removeLeftovers(folder)
        #expect(try await truth.bucket.uploads(prefix: truth.prefix).isEmpty, place)
    }

    func unconditionalPut() async throws {
        let name = truth.prefix + "plain", bytes = ObjectStoreRule.bytes(1000)
        let answer = await faulty { try await store.bucket.put(name, bytes, onlyIfAbsent: false) }
        let found = try await truth.bucket.get(name)?.bytes
        #expect(found == nil || found == bytes, place)
        if answer != nil { #expect(found == bytes, place) }
    }

    func smallGet() async throws {
        let bytes = ObjectStoreRule.bytes(1000)
        _ = try await truth.putIfAbsent(key, bytes)
        await read(key, as: bytes)
        let absent = try #require(ObjectKey("n/absent"))
        let answer = await faulty { Found(bytes: try await store.get(absent, limit: 1000)) }
        #expect(answer?.bytes == nil, place)
        #expect(try await calm.get(key, limit: 1000) == bytes, place)
    }

    func largeGet() async throws {
        let bytes = ObjectStoreRule.bytes(7500)
        _ = try await truth.putIfAbsent(key, bytes)
        await read(key, as: bytes)
        #expect(try await calm.get(key, limit: 7500) == bytes, place)
    }

    private struct Found: Sendable { var bytes: [UInt8]? }

    /// An object that is there is neither taken for absent nor read otherwise.
    private func read(_ key: ObjectKey, as bytes: [UInt8]) async {
        let answer = await faulty { Found(bytes: try await store.get(key, limit: bytes.count)) }
        if let answer { #expect(answer.bytes == bytes, place) }
    }

    /// HEAD confirms that a key is taken, and that one is free.
    func confirmations() async throws {
        try await putOnTaken([1, 2])
        let absent = try #require(ObjectKey("n/absent"))
        let answer = await faulty { Found(bytes: try await store.get(absent, limit: 10)) }
        #expect(answer?.bytes == nil, place)
    }

    func listing() async throws {
        let keys = ["n/a", "n/b", "n/c"].compactMap { ObjectKey($0) }
        for key in keys { _ = try await truth.putIfAbsent(key, [1]) }
        if let answer = await faulty({ try await store.list(folder) }) {
            #expect(answer == keys.map { ListedObject(key: $0, bytes: 1) }, place)
        }
        #expect(try await calm.list(folder).count == 3, place)
    }

    func leftovers() async throws {
        let digest = SHA256.digest(of: [])
        for name in ["a", "b"] {
            _ = try await truth.bucket.beginUpload("\(truth.prefix)n/\(name)", digest: digest)
        }
        if await faulty({ try await store.removeLeftovers(folder) }) != nil {
            #expect(try await truth.bucket.uploads(prefix: truth.prefix).isEmpty, place)
        }
        try await calm.removeLeftovers(folder)
        #expect(try await truth.bucket.uploads(prefix: truth.prefix).isEmpty, place)
    }

    func deletion() async throws {
        _ = try await truth.putIfAbsent(key, [1])
        let isDone = await faulty { try await store.delete(key) } != nil
        if isDone { #expect(try await truth.get(key, limit: 10) == nil, place) }
        try await calm.delete(key)
        #expect(try await truth.get(key, limit: 10) == nil, place)
    }
}
