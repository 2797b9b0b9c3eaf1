// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

/// The writer dies at every call to the store in turn, before it is carried out and after, and once more at every call
/// of its recovery.
@Suite struct CrashTests {
    @Test(arguments: [false, true])
    func `a writer may die at any call of a commit, and again while it recovers`(carriedOut: Bool) async throws {
        var first = 0
        var finished = false
        while !finished {
            first += 1
            var second = 0
            var recovered = false
            while !recovered {
                second += 1
                let night = try Night()
                try await night.commitThree()
                let fuses = [Fuse(first), Fuse(second)]
                var acknowledged = 3
                for (fuse, epoch) in zip(fuses, [2, 3]) {
                    let store = try night.through(HookedObjectStore.dying(night.memory, fuse, carriedOut: carriedOut))
                    let step = try await attempt(on: night, through: store, epoch: epoch)
                    acknowledged = max(acknowledged, step)
                }
                let (restored, tree) = try #require(try await night.restore())
                let step = Int(restored.generation.progress)
                #expect(tree == Night.tree(step), "died at \(first), \(second)")
                #expect(step == acknowledged || step == 4, "died at \(first), \(second)")
                #expect(restored.passedOver.isEmpty, "died at \(first), \(second)")
                // A third attempt is not hindered by what the dead ones left.
                #expect(try await attempt(on: night, through: night.lineage, epoch: 4) == 4)
                #expect(try await night.restore()?.tree == Night.tree(4), "died at \(first), \(second)")
                finished = !fuses[0].isDead
                recovered = !fuses[1].isDead
            }
        }
        #expect(first > 10)
    }

    /// Answers the step that it was told is durable.
    private func attempt(on night: Night, through lineage: Lineage, epoch: Int) async throws -> Int {
        do {
            let claim = try await lineage.claim(epoch: epoch, at: 0)
            try await night.commit(Night.tree(4), step: 4, under: claim, through: lineage)
            return 4
        } catch CommitError.storage(is Died) {
            return 0
        }
    }

    @Test(arguments: [false, true])
    func `a pruning may die at any call and loses no kept generation`(carriedOut: Bool) async throws {
        var length = 0
        var finished = false
        while !finished {
            length += 1
            let night = try Night()
            let generations = try await night.commitThree()
            let claim = Claim(epoch: 1, sequence: 1)
            let fuse = Fuse(length)
            let dying = try night.through(HookedObjectStore.dying(night.memory, fuse, carriedOut: carriedOut))
            _ = try? await dying.prune(keep: 2, under: claim, trusting: .content, at: 0)  // It dies, that is the point.
            finished = !fuse.isDead
            #expect(try await night.restore()?.tree == Night.tree(3), "died at \(length)")
            let whole = try await night.lineage.list(trusting: .content).filter(\.isWhole).map(\.generation)
            #expect(Array(whole.prefix(2)) == [generations[2], generations[1]], "died at \(length)")
            _ = try await night.lineage.prune(keep: 2, under: claim, trusting: .content, at: 0)
            let pieces = Set(generations[1...].flatMap { night.keys(ofPieces: $0) })
            #expect(
                Set(try await night.memory.list(night.lineage.layout.pieces).map(\.key)) == pieces, "died at \(length)")
        }
        #expect(length > 8)
    }
}
