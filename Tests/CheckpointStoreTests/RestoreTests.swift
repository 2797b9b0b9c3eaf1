// SPDX-License-Identifier: Apache-2.0
import Digests
import Foundation
import Synchronization
import Testing

@testable import CheckpointStore

@Suite struct RestoreTests {
    private let night: Night
    private let generations: [Generation]

    init() async throws {
        night = try Night()
        generations = try await night.commitThree()
    }

    private func expectFallback(_ why: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let (restored, files) = try #require(try await night.restore(), sourceLocation: sourceLocation)
        #expect(files == Night.tree(2), sourceLocation: sourceLocation)
        #expect(restored.generation == generations[1], sourceLocation: sourceLocation)
        #expect(restored.passedOver == [PassedOver(sequence: 4, why: why)], sourceLocation: sourceLocation)
    }

    private func damage(_ key: ObjectKey, _ change: ([UInt8]) -> [UInt8]?) {
        night.memory.contents[key] = night.memory.contents[key].flatMap(change)
    }

    /// The first piece that only the newest generation has.
    private var piece: ObjectKey {
        get throws {
            let older = Set(night.keys(ofPieces: generations[1]))
            return try #require(night.keys(ofPieces: generations[2]).first { !older.contains($0) })
        }
    }

    @Test func `a torn generation is never restored`() async throws {
        damage(night.key(ofRecord: 4)) { Array($0.prefix($0.count / 2)) + [UInt8](repeating: 0, count: $0.count / 2) }
        try await expectFallback("its bytes do not match its digest")
    }

    @Test func `a generation with a missing piece is never restored`() async throws {
        damage(try piece) { _ in nil }
        try await expectFallback("a piece of model.bin is missing")
    }

    @Test func `a truncated piece is never restored`() async throws {
        damage(try piece) { Array($0.dropLast()) }
        try await expectFallback("a piece of model.bin has 999 bytes instead of 1000")
    }

    @Test func `a truncated record is never restored`() async throws {
        damage(night.key(ofRecord: 4)) { Array($0.prefix(30)) }
        try await expectFallback("it has only 30 bytes")
    }

    @Test func `a piece that grew is never restored`() async throws {
        damage(try piece) { $0 + [0] }
        try await expectFallback("a piece of model.bin is damaged: it is longer than 1000 bytes")
    }

    @Test func `a bit-flipped piece is never restored`() async throws {
        damage(try piece) { [$0[0] ^ 1] + $0.dropFirst() }
        try await expectFallback("a piece of model.bin is not what was stored")
    }

    @Test func `an older record under a newer name is never restored`() async throws {
        damage(night.key(ofRecord: 4)) { _ in night.memory.contents[night.key(ofRecord: 2)] }
        try await expectFallback("it is record 2 under another's name")
    }

    @Test func `a record that was not appended to this log is never restored`() async throws {
        var record = try LogRecord(
            bytes: try #require(night.memory.contents[night.key(ofRecord: 4)]), lineage: "night", sequence: 4)
        record.previous = SHA256.digest(of: [])
        let bytes = try record.bytes()
        damage(night.key(ofRecord: 4)) { _ in bytes }
        try await expectFallback("it does not follow the record before it")
    }

    @Test func `pieces in another order are never restored`() async throws {
        var swapped = generations[2]
        let file = try #require(swapped.files.firstIndex { $0.path.text == "model.bin" })
        swapped.files[file].pieces.swapAt(0, 1)
        var record = try LogRecord(
            bytes: try #require(night.memory.contents[night.key(ofRecord: 4)]), lineage: "night", sequence: 4)
        record.entry = .generation(swapped)
        let bytes = try record.bytes()
        damage(night.key(ofRecord: 4)) { _ in bytes }
        try await expectFallback("model.bin is not what was committed")
    }

    @Test func `a fenced-off generation is never restored`() async throws {
        let claim = try await night.lineage.claim(epoch: 7, at: 0)
        // What the protocol does not let in: a store that broke its promise took a record of epoch 1 after the claim.
        var zombie = generations[2]
        zombie.sequence = claim.sequence + 1
        let record = LogRecord(
            lineage: "night", sequence: zombie.sequence,
            previous: night.memory.contents[night.key(ofRecord: claim.sequence)].map(SHA256.digest), epoch: 1,
            committedAt: 0, entry: .generation(zombie))
        night.memory.contents[night.key(ofRecord: zombie.sequence)] = try record.bytes()
        let (restored, files) = try #require(try await night.restore())
        #expect(files == Night.tree(3))
        #expect(restored.passedOver == [PassedOver(sequence: 6, why: "it is of epoch 1, which epoch 7 had fenced off")])
    }

    @Test func `a missing record is told, not overlooked`() async throws {
        damage(night.key(ofRecord: 3)) { _ in nil }
        damage(try piece) { _ in nil }
        let (restored, files) = try #require(try await night.restore())
        #expect(files == Night.tree(1))
        #expect(restored.passedOver.map(\.sequence) == [4, 3])
    }

    @Test func `a damaged predecessor does not condemn its successor`() async throws {
        damage(night.key(ofRecord: 3)) { $0.reversed() }
        #expect(try await night.restore()?.tree == Night.tree(3))
    }

    @Test func `nothing was committed is nil, nothing is whole is an error`() async throws {
        let fresh = try Night()
        #expect(try await fresh.restore() == nil)
        _ = try await fresh.lineage.claim(epoch: 1, at: 0)
        #expect(try await fresh.restore() == nil)
        for key in night.memory.contents.keys where key.text.contains("pieces") { damage(key) { _ in [] } }
        await #expect { try await night.restore() } throws: { error in
            guard case RestoreError.nothingWhole(let passedOver) = error else { return false }
            return passedOver.map(\.sequence) == [4, 3, 2]
        }
        for key in night.memory.contents.keys where key.text.contains("log") { damage(key) { _ in nil } }
        await #expect { try await night.restore() } throws: { "\($0)".contains("pieces of checkpoints, but no log") }
    }

    @Test func `a store that cannot be reached is no reason to take an older generation`() async throws {
        let target = try piece
        let store = HookedObjectStore(inner: night.memory, before: { _, key in if key == target { throw Died() } })
        await #expect { try await night.restore(through: try night.through(store)) } throws: {
            if case RestoreError.storage(is Died) = $0 { true } else { false }
        }
        #expect(try night.directory.tree("") ?? [:] == night.directory.tree("")?.filter { $0.key.hasPrefix("source") })
    }

    @Test func `a newer format stops the restore`() async throws {
        let body = #"{"format":"nightshift-checkpoints","version":2}"#
        night.memory.contents[night.key(ofRecord: 5)] = Array(
            (body + "\nsha256:\(SHA256.hex(of: Array(body.utf8)))\n").utf8)
        await #expect { try await night.restore() } throws: {
            if case RestoreError.newerFormat(2) = $0 { true } else { false }
        }
        await #expect { try await night.lineage.claim(epoch: 9, at: 0) } throws: {
            if case CommitError.newerFormat(2) = $0 { true } else { false }
        }
    }

    @Test func `more bytes than allowed are refused before one is written`() async throws {
        await #expect { try await night.restore(atMost: 100) } throws: { "\($0)".contains("more than the 100 allowed") }
        #expect(try night.directory.tree("restored") == nil)
    }

    @Test func `a target that holds something is left alone, an empty one is filled`() async throws {
        try night.directory.write([1], to: "full/mine")
        try night.directory.write([1], to: "file")
        try FileManager.default.createSymbolicLink(
            atPath: night.directory("link"), withDestinationPath: night.directory("full"))
        for name in ["full", "file", "link"] {
            await #expect {
                try await night.lineage.restore(into: night.directory(name), atMost: .max)
            } throws: {
                if case RestoreError.targetRefused = $0 { true } else { false }
            }
        }
        #expect(try night.directory.tree("full") == ["mine": [1]])
        try FileManager.default.createDirectory(atPath: night.directory("empty"), withIntermediateDirectories: false)
        _ = try await night.lineage.restore(into: night.directory("empty"), atMost: .max)
        #expect(try night.directory.tree("empty") == Night.tree(3))
    }

    @Test func `restored files are private and keep the executable bit`() async throws {
        try night.directory.write(["run.sh": [1], "data": [2]], to: "modes")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: night.directory("modes/run.sh"))
        _ = try await night.lineage.commit(
            ["run.sh", "data"].map { SourceFile(path: $0, expected: nil) }, from: night.directory("modes"),
            under: Claim(epoch: 1, sequence: 1), progress: 4, label: nil, at: 0)
        _ = try await night.lineage.restore(into: night.directory("out"), atMost: .max)
        for (name, mode) in [("out", 0o700), ("out/run.sh", 0o700), ("out/data", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: night.directory(name))
            #expect(attributes[.posixPermissions] as? Int == mode)
        }
    }
}

@Suite struct RestoreOrderTests {
    // The order is the durability: contents and names before the one rename, the rename before the answer.
    @Test func `everything is synced before the target gets its name`() async throws {
        let night = try Night()
        let claim = try await night.lineage.claim(epoch: 1, at: 0)
        try await night.commit(["a": [1], "d/e/b": [2]], step: 1, under: claim)
        let trace = Mutex<[FileEffect]>([])
        let gate = EffectGate { effect in trace.withLock { $0.append(effect) } }
        _ = try await night.lineage.restore(into: night.directory("out"), atMost: .max, gate: gate)
        let staging = night.directory(".out.restoring")
        #expect(
            trace.withLock { $0 } == [
                .makeDirectory(staging),
                .create(staging + "/a"), .write(staging + "/a", bytes: 1), .syncFile(staging + "/a"),
                .makeDirectory(staging + "/d"), .makeDirectory(staging + "/d/e"),
                .create(staging + "/d/e/b"), .write(staging + "/d/e/b", bytes: 1), .syncFile(staging + "/d/e/b"),
                .syncDirectory(staging + "/d"), .syncDirectory(staging + "/d/e"), .syncDirectory(staging),
                .rename(from: staging, to: night.directory("out")), .syncDirectory(night.directory.path),
            ])
    }
}
