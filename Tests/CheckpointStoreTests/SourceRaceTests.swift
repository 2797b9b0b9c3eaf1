// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import CheckpointStore

/// Training code changes the directory while it is committed: at the moment the n-th piece is stored.
@Suite struct SourceRaceTests {
    private let night: Night
    private let claim: Claim

    init() async throws {
        night = try Night()
        claim = try await night.lineage.claim(epoch: 1, at: 0)
        try night.directory.write(["a": Night.tree(1)["model.bin"] ?? [], "b": [1, 2, 3]], to: "source")
    }

    private func commit(at put: Int, meanwhile change: @escaping @Sendable () throws -> Void) async throws -> Generation
    {
        let fuse = Fuse(put)
        let store = HookedObjectStore(
            inner: night.memory,
            after: { call, _ in
                guard case .put = call, !fuse.isDead else { return }
                try? fuse.burn()  // Reaching its end is the point.
                if fuse.isDead { try change() }
            })
        return try await night.through(store).commit(
            ["a", "b"].map { SourceFile(path: $0, expected: nil) }, from: night.directory("source"), under: claim,
            progress: 1, label: nil, at: 0)
    }

    private func append(to name: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: night.directory("source/" + name)))
        try handle.seekToEnd()
        try handle.write(contentsOf: [1, 2, 3])
        try handle.close()
    }

    private func expectNoGeneration(
        _ path: String, at put: Int = 1, sourceLocation: SourceLocation = #_sourceLocation,
        meanwhile change: @escaping @Sendable () throws -> Void
    ) async throws {
        await #expect(sourceLocation: sourceLocation) { try await commit(at: put, meanwhile: change) } throws: {
            error in
            switch error {
            case CommitError.sourceChanged(path): true
            case CommitError.sourceRefused(path, _): true
            default: false
            }
        }
        #expect(try await night.restore() == nil, sourceLocation: sourceLocation)
    }

    @Test func `a file that grows while it is read is no generation`() async throws {
        try await expectNoGeneration("a") { try append(to: "a") }
    }

    @Test func `a file that shrinks while it is read is no generation`() async throws {
        try await expectNoGeneration("a") {
            try #require(FileHandle(forWritingAtPath: night.directory("source/a"))).truncate(atOffset: 1200)
        }
    }

    @Test func `a file that is replaced while it is read is no generation`() async throws {
        try await expectNoGeneration("a") {
            try night.directory.write([9], to: "source/new")
            #expect(rename(night.directory("source/new"), night.directory("source/a")) == 0)
        }
    }

    @Test func `a file that was read already and changes during the next one is no generation`() async throws {
        try night.directory.write([5], to: "source/a")
        try await expectNoGeneration("a", at: 2) { try append(to: "a") }
    }

    @Test func `a file that is removed after it was read is no generation`() async throws {
        try night.directory.write([5], to: "source/a")
        try await expectNoGeneration("a", at: 2) { try night.directory.remove("source/a") }
    }

    @Test func `a file swapped for a symbolic link is not followed`() async throws {
        try night.directory.write([42], to: "secret")
        try await expectNoGeneration("b") {
            try night.directory.remove("source/b")
            try FileManager.default.createSymbolicLink(
                atPath: night.directory("source/b"), withDestinationPath: night.directory("secret"))
        }
        #expect(!night.memory.contents.values.contains([42]))
    }

    @Test func `a directory swapped for a symbolic link is not followed`() async throws {
        try night.directory.write([42], to: "outside/b")
        try FileManager.default.createSymbolicLink(
            atPath: night.directory("source/link"), withDestinationPath: night.directory("outside"))
        await #expect {
            try await night.lineage.commit(
                [SourceFile(path: "link/b", expected: nil)], from: night.directory("source"), under: claim, progress: 1,
                label: nil, at: 0)
        } throws: {
            if case CommitError.sourceRefused("link/b", _) = $0 { true } else { false }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a FIFO in the place of a file does not hang the commit`() async throws {
        try await expectNoGeneration("b") {
            try night.directory.remove("source/b")
            #expect(mkfifo(night.directory("source/b"), 0o600) == 0)
        }
    }
}
