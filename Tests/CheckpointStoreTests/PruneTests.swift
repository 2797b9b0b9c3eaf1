// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

@Suite struct PruneTests {
    private let night: Night
    private let generations: [Generation]
    private let claim = Claim(epoch: 1, sequence: 1)

    init() async throws {
        night = try Night()
        generations = try await night.commitThree()
    }

    private func pieces() async throws -> Set<ObjectKey> {
        Set(try await night.memory.list(night.lineage.layout.pieces).map(\.key))
    }

    private func pieces(of kept: ArraySlice<Generation>) -> Set<ObjectKey> {
        Set(kept.flatMap { night.keys(ofPieces: $0) })
    }

    @Test(arguments: 1...4, [Evidence.presence, .content])
    func `the newest generations are kept and only their pieces`(keep: Int, evidence: Evidence) async throws {
        let pruned = try await night.lineage.prune(keep: keep, under: claim, trusting: evidence, at: 0)
        #expect(try await pieces() == pieces(of: generations.suffix(keep)))
        #expect(pruned.floor == (keep > 3 ? 1 : generations[3 - keep].sequence))
        #expect(pruned.piecesRemoved == pieces(of: generations[...]).count - pieces(of: generations.suffix(keep)).count)
        #expect(
            try await night.lineage.list(trusting: .content).map(\.generation) == generations.suffix(keep).reversed())
        #expect(try await night.restore()?.tree == Night.tree(3))
    }

    @Test func `a damaged generation does not count among those kept`() async throws {
        night.memory.contents[night.keys(ofPieces: generations[2])[1]] = []
        _ = try await night.lineage.prune(keep: 1, under: claim, trusting: .presence, at: 0)
        #expect(try await night.restore()?.tree == Night.tree(2))
    }

    @Test func `with nothing whole nothing is removed`() async throws {
        for key in try await pieces() { night.memory.contents[key] = [] }
        let before = night.memory.contents
        let pruned = try await night.lineage.prune(keep: 1, under: claim, trusting: .content, at: 0)
        #expect(pruned == Pruned(floor: 1, piecesRemoved: 0, bytesRemoved: 0))
        #expect(night.memory.contents == before)
    }

    @Test func `no record is ever removed, so no number is free a second time`() async throws {
        let before = try await night.memory.list(night.lineage.layout.log).count
        _ = try await night.lineage.prune(keep: 1, under: claim, trusting: .content, at: 0)
        #expect(try await night.memory.list(night.lineage.layout.log).count == before + 1)
        _ = try await night.lineage.prune(keep: 1, under: claim, trusting: .content, at: 0)
        #expect(try await night.memory.list(night.lineage.layout.log).count == before + 1)
    }

    @Test func `a fenced-off writer prunes nothing`() async throws {
        _ = try await night.lineage.claim(epoch: 2, at: 0)
        let before = night.memory.contents
        await #expect { try await night.lineage.prune(keep: 1, under: claim, trusting: .content, at: 0) } throws: {
            if case CommitError.fenced(by: 2) = $0 { true } else { false }
        }
        #expect(night.memory.contents == before)
    }

    /// The successor commits the very content that the predecessor, replaced in the middle of its pruning, is about to
    /// remove as no longer needed.
    @Test func `a writer replaced while it prunes takes no piece of its successor's`() async throws {
        var step = 0
        var finished = false
        while !finished {
            step += 1
            let night = try Night()
            try await night.commitThree()
            let calls = Fuse(step)
            let hooked = try night.through(
                HookedObjectStore(
                    inner: night.memory,
                    before: { _, _ in
                        guard !calls.isDead else { return }
                        try? calls.burn()  // Reaching its end is the point.
                        guard calls.isDead else { return }
                        let successor = try await night.lineage.claim(epoch: 2, at: 0)
                        try await night.commit(Night.tree(1), step: 1, under: successor)
                    }))
            _ = try? await hooked.prune(keep: 1, under: claim, trusting: .content, at: 0)  // Fenced or finished.
            finished = !calls.isDead
            if finished { break }
            let (restored, tree) = try #require(try await night.restore())
            #expect(tree == Night.tree(1), "replaced at call \(step)")
            #expect(restored.generation.epoch == 2 && restored.passedOver.isEmpty, "replaced at call \(step)")
        }
        #expect(step > 20)
    }
}

@Suite struct VerifyTests {
    @Test func `every record gets its finding`() async throws {
        let night = try Night()
        let generations = try await night.commitThree()
        let claim = Claim(epoch: 1, sequence: 1)
        _ = try await night.lineage.prune(keep: 2, under: claim, trusting: .content, at: 0)
        try await night.commit(Night.tree(4), step: 4, under: claim)
        try await night.commit(Night.tree(5), step: 5, under: claim)
        night.memory.contents[night.keys(ofPieces: generations[1])[1]] = nil
        night.memory.contents[night.key(ofRecord: 6)] = [1]
        night.memory.contents[night.lineage.layout.label] = [1]
        #expect(
            try await night.lineage.verify() == [
                Finding(sequence: 0, kind: "label", verdict: .damaged("it cannot be read")),
                Finding(sequence: 1, kind: "claim", verdict: .whole),
                Finding(sequence: 2, kind: "generation", verdict: .pruned),
                Finding(sequence: 3, kind: "generation", verdict: .damaged("a piece of model.bin is missing")),
                Finding(sequence: 4, kind: "generation", verdict: .whole),
                Finding(sequence: 5, kind: "prune", verdict: .whole),
                Finding(sequence: 6, kind: "unknown", verdict: .damaged("it has only 1 bytes")),
                Finding(sequence: 7, kind: "generation", verdict: .whole),
            ])
    }

    @Test(arguments: [Evidence.presence, .content])
    func `a listing tells the generations and what is wrong with them`(evidence: Evidence) async throws {
        let night = try Night()
        let generations = try await night.commitThree()
        let key = night.keys(ofPieces: generations[2])[1]
        night.memory.contents[key] = night.memory.contents[key].map { $0.map { $0 ^ 1 } }
        let listed = try await night.lineage.list(trusting: evidence)
        #expect(listed.map(\.generation) == generations.reversed())
        let seen = evidence == .content ? "a piece of model.bin is not what was stored" : nil
        #expect(listed.map(\.flaw) == [seen, nil, nil])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a stray record of a giant number costs no giant walk`() async throws {
        let night = try Night()
        try await night.commitThree()
        night.memory.contents[night.key(ofRecord: 99_999_999)] = [1]
        let (restored, tree) = try #require(try await night.restore())
        #expect(tree == Night.tree(3))
        #expect(
            restored.passedOver == [
                PassedOver(sequence: 99_999_999, why: "it has only 1 bytes"),
                PassedOver(sequence: 99_999_998, why: "it and the 99999993 before it are missing"),
            ])
    }
}
