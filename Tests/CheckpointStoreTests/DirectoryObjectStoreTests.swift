// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing

@testable import CheckpointStore

@Suite struct DirectoryObjectStoreTests {
    private let directory: TemporaryDirectory
    private let key: ObjectKey
    private let night: ObjectKey

    init() throws {
        directory = try TemporaryDirectory()
        night = try #require(ObjectKey("n"))
        key = try #require(ObjectKey("n/log"))
    }

    // The order is the durability: content before name, name before answer.
    @Test func `an object is synced before it is named, and its name before the answer`() async throws {
        let trace = Mutex<[FileEffect]>([])
        let store = try DirectoryObjectStore(
            root: directory("o"), gate: EffectGate { effect in trace.withLock { $0.append(effect) } })
        _ = try await store.putIfAbsent(key, [1, 2, 3])
        let root = directory("o")
        let temporary = trace.withLock { trace in
            trace.lazy.compactMap { if case .create(let path) = $0 { path } else { nil } }.first ?? ""
        }
        #expect(temporary.hasPrefix(root + "/n/.tmp-"))
        #expect(
            trace.withLock { $0 } == [
                .makeDirectory(root), .syncDirectory(directory.path), .makeDirectory(root + "/n"), .syncDirectory(root),
                .create(temporary), .write(temporary, bytes: 3), .syncFile(temporary),
                .link(from: temporary, to: root + "/n/log"), .remove(temporary), .syncDirectory(root + "/n"),
            ])
    }

    @Test func `a name that another left unsynced is synced before it is relied on`() async throws {
        _ = try await DirectoryObjectStore(root: directory("o")).putIfAbsent(key, [1])
        let trace = Mutex<[FileEffect]>([])
        let store = try DirectoryObjectStore(
            root: directory("o"), gate: EffectGate { effect in trace.withLock { $0.append(effect) } })
        #expect(try await store.putIfAbsent(key, [1]) == .exists)
        #expect(trace.withLock { $0.last } == .syncDirectory(directory("o") + "/n"))
    }

    @Test(arguments: [EIO, ENOSPC, EMFILE, EROFS, EDQUOT])
    func `an error at any step is told and leaves no object in pieces`(code: Int32) async throws {
        for step in 0..<8 {
            let root = "o\(step)"
            let fuse = Mutex(step)
            let gate = EffectGate { effect in
                try fuse.withLock { left in
                    left -= 1
                    if left == -1 { throw IOFailure("reach", "\(effect)", code: code) }
                }
            }
            _ = try DirectoryObjectStore(root: directory(root))
            let store = try DirectoryObjectStore(root: directory(root), gate: gate)
            let error = await #expect(throws: IOFailure.self, "step \(step)") {
                try await store.putIfAbsent(key, [1, 2, 3])
            }
            #expect(error?.code == code)
            let found = try await DirectoryObjectStore(root: directory(root)).get(key, limit: 10)
            #expect(found == nil || found == [1, 2, 3], "step \(step)")
        }
    }

    @Test func `a failed fsync is not tried again and names nothing`() async throws {
        let syncs = Mutex(0)
        let store = try DirectoryObjectStore(
            root: directory("o"),
            gate: EffectGate { effect in
                guard case .syncFile(let path) = effect else { return }
                syncs.withLock { $0 += 1 }
                throw IOFailure("fsync", path, code: EIO)
            })
        let error = await #expect(throws: IOFailure.self) { try await store.putIfAbsent(key, [1]) }
        #expect(error?.description.contains("fsync") == true)
        #expect(error?.description.contains("Input/output error (errno 5)") == true)
        #expect(syncs.withLock { $0 } == 1)
        #expect(try await store.get(key, limit: 10) == nil)
    }

    @Test func `directories are 0700 and files 0600, even with umask 0`() async throws {
        let before = umask(0)
        defer { umask(before) }
        _ = try await DirectoryObjectStore(root: directory("o")).putIfAbsent(key, [1])
        for (path, mode) in [("o", 0o700), ("o/n", 0o700), ("o/n/log", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory(path))
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
    }

    @Test func `what a dead writer left is not listed, and is cleared away`() async throws {
        let store = try DirectoryObjectStore(root: directory("o"))
        _ = try await store.putIfAbsent(key, [1])
        try directory.write([1, 2], to: "o/n/.tmp-dead")
        #expect(try await store.list(night).map(\.key) == [key])
        try await store.removeLeftovers(night)
        #expect(try directory.tree("o") == ["n/log": [1]])
    }

    @Test func `a living writer whose temporary file was cleared away starts again`() async throws {
        let other = try DirectoryObjectStore(root: directory("o"))
        let path = directory("o/n")
        let swept = Mutex(false)
        let store = try DirectoryObjectStore(
            root: directory("o"),
            gate: EffectGate { effect in
                guard case .link(let temporary, _) = effect, !swept.withLock({ $0 }) else { return }
                swept.withLock { $0 = true }
                try FileManager.default.removeItem(atPath: temporary)
            })
        #expect(try await store.putIfAbsent(key, [1, 2]) == .created)
        #expect(swept.withLock { $0 })
        #expect(try await other.get(key, limit: 10) == [1, 2])
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["log"])
    }

    @Test func `a symbolic link in the store is damage and is not followed`() async throws {
        try directory.write([9, 9], to: "secret/log")
        let store = try DirectoryObjectStore(root: directory("o"))
        try FileManager.default.createSymbolicLink(atPath: directory("o/n"), withDestinationPath: directory("secret"))
        await #expect(throws: ObjectDamaged.self) { try await store.get(key, limit: 10) }
        await #expect(throws: IOFailure.self) { try await store.putIfAbsent(key, [1]) }
        await #expect(throws: IOFailure.self) { try await store.delete(key) }
        #expect(try directory.tree("secret") == ["log": [9, 9]])
    }
}
