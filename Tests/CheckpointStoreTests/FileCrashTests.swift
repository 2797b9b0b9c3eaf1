// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

/// The writer dies at every change to the file system in turn, with every way its last write can be torn.
@Suite struct FileCrashTests {
    /// How many bytes of the last write reach the file.
    enum Torn: CaseIterable, Sendable {
        case none, one, half, allButOne, all

        func bytes(of count: Int) -> Int {
            switch self {
            case .none: 0
            case .one: min(1, count)
            case .half: count / 2
            case .allButOne: max(0, count - 1)
            case .all: count
            }
        }
    }

    private func gate(_ fuse: Fuse, _ torn: Torn) -> EffectGate {
        EffectGate { effect in
            let wasDead = fuse.isDead
            do {
                try fuse.burn()
            } catch {
                if !wasDead, case .write(_, let count) = effect { throw TornWrite(bytes: torn.bytes(of: count)) }
                throw error
            }
        }
    }

    @Test(arguments: Torn.allCases)
    func `a commit into a directory may die at any system call`(torn: Torn) async throws {
        var length = 0
        var finished = false
        while !finished {
            length += 1
            let night = try Night()
            let root = night.directory("objects")
            let store = try night.through(DirectoryObjectStore(root: root))
            let claim = try await store.claim(epoch: 1, at: 0)
            try await night.commit(Night.tree(1), step: 1, under: claim, through: store)
            let fuse = Fuse(length)
            let dying = try night.through(DirectoryObjectStore(root: root, gate: gate(fuse, torn)))
            let acknowledged = try? await night.commit(Night.tree(2), step: 2, under: claim, through: dying)
            finished = !fuse.isDead
            let (restored, tree) = try #require(try await night.restore(through: store))
            let step = Int(restored.generation.progress)
            #expect(tree == Night.tree(step), "died at \(length)")
            #expect(acknowledged == nil || step == 2, "died at \(length)")
            #expect(restored.passedOver.isEmpty, "died at \(length)")
            try await night.commit(Night.tree(2), step: 2, under: claim, through: store)
            #expect(try await night.restore(through: store)?.tree == Night.tree(2), "died at \(length)")
            _ = try await store.prune(keep: 1, under: claim, trusting: .content, at: 0)
            let left = try #require(try night.directory.tree("objects")).keys.filter { $0.contains(".tmp-") }
            #expect(left.isEmpty, "died at \(length)")
        }
        #expect(length > 30)
    }

    @Test(arguments: Torn.allCases)
    func `a restore may die at any system call and leaves all or nothing`(torn: Torn) async throws {
        let night = try Night()
        try await night.commitThree()
        var length = 0
        var finished = false
        while !finished {
            length += 1
            let fuse = Fuse(length)
            let target = night.directory("target-\(length)")
            let answer = try? await night.lineage.restore(into: target, atMost: .max, gate: gate(fuse, torn))
            finished = !fuse.isDead
            let found = try night.directory.tree("target-\(length)")
            #expect(found == nil || found == Night.tree(3), "died at \(length)")
            #expect(answer == nil || found == Night.tree(3), "died at \(length)")
            if found == nil {
                _ = try await night.lineage.restore(into: target, atMost: .max)
                #expect(try night.directory.tree("target-\(length)") == Night.tree(3), "died at \(length)")
            }
        }
        #expect(length > 12)
        let leftovers = try #require(try night.directory.tree("")).keys.filter { $0.contains(".restoring") }
        #expect(leftovers.isEmpty)
    }
}
