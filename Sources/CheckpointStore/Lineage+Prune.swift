// SPDX-License-Identifier: Apache-2.0

package struct Pruned: Hashable, Sendable {
    /// Generations below this sequence are gone.
    package var floor: Int
    package var piecesRemoved: Int
    package var bytesRemoved: Int64
}

extension Lineage {
    /// Gives up all but the newest `keep` whole generations, and removes the pieces that no generation needs.
    ///
    /// A record in the log sets the new floor first, so a fenced-off writer is refused here as it is in `commit`. Then
    /// pieces go, of this epoch and lower ones only: a writer that was replaced in the middle of pruning cannot reach
    /// its successor's. Dying at any point leaves every kept generation whole, and the next pruning finishes the work.
    /// The same writer must not commit meanwhile.
    ///
    /// Generations above the floor that are not whole keep what pieces they have, unless their very record cannot be
    /// read. With no whole generation at all nothing is removed: it is not the moment to throw evidence away. By
    /// `presence` a rotten piece passes for a whole one, so keep more than one generation then.
    package func prune(
        keep: Int, under claim: Claim, trusting evidence: Evidence, at milliseconds: Int64
    ) async throws(CommitError) -> Pruned {
        precondition(keep >= 1, "keep \(keep)")
        return try await CommitError.closing {
            try await log.refuseIfFenced(epoch: claim.epoch, since: claim.sequence)
            let judgement = LogJudgement(try await log.all())
            if let version = judgement.newerVersion { throw CommitError.newerFormat(version: version) }
            var whole: [Generation] = []
            for generation in judgement.generations where whole.count < keep {
                whole += try await examine([generation], trusting: evidence).filter(\.isWhole).map(\.generation)
            }
            guard let oldest = whole.last else {
                return Pruned(floor: judgement.floor, piecesRemoved: 0, bytesRemoved: 0)
            }
            let floor = whole.count == keep ? oldest.sequence : judgement.floor
            if floor > judgement.floor {
                _ = try await log.append(epoch: claim.epoch, since: claim.sequence, at: milliseconds) { _ in
                    .prune(floor: floor)
                }
            }
            let needed = judgement.generations.filter { $0.sequence >= floor }
            return try await sweep(keeping: needed, floor: floor, epoch: claim.epoch)
        }
    }

    private func sweep(keeping needed: [Generation], floor: Int, epoch: Int) async throws -> Pruned {
        var keys = Set<ObjectKey>()
        for generation in needed {
            for file in generation.files {
                for digest in file.pieces { keys.insert(layout.piece(digest, epoch: generation.epoch)) }
            }
        }
        var pruned = Pruned(floor: floor, piecesRemoved: 0, bytesRemoved: 0)
        for object in try await objects.list(layout.pieces) where !keys.contains(object.key) {
            guard let made = layout.epoch(ofPiece: object.key), made <= epoch else { continue }
            try await objects.delete(object.key)
            pruned.piecesRemoved += 1
            pruned.bytesRemoved += object.bytes
        }
        try await objects.removeLeftovers(layout.lineage)
        return pruned
    }
}
