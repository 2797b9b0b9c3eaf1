// SPDX-License-Identifier: Apache-2.0

import Digests

/// Where the objects of a lineage lie, and the limits of the format. `docs/checkpoint-store.md` is the page for it.
struct StoreLayout: Sendable {
    static let format = "nightshift-checkpoints"
    static let version = 1
    static let recordLimit = 16 << 20
    static let pieceLimit = 8 << 20
    static let sequenceLimit = 99_999_999

    let lineage: ObjectKey

    /// Says what this is, to people and to other programs. Records carry the same facts, so nothing depends on it.
    var label: ObjectKey { lineage.appending("store.json") }
    var log: ObjectKey { lineage.appending("log") }
    var pieces: ObjectKey { lineage.appending("pieces") }

    func record(_ sequence: Int) -> ObjectKey {
        let digits = String(sequence)
        return log.appending(String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".json")
    }

    /// Nil for what is not the name of a record.
    func sequence(ofRecord key: ObjectKey) -> Int? {
        guard key.name.utf8.count == 13, key.name.hasSuffix(".json"),
            key.name.utf8.prefix(8).allSatisfy({ (48...57).contains($0) }),
            let sequence = Int(key.name.prefix(8)), sequence >= 1, record(sequence) == key
        else { return nil }
        return sequence
    }

    func piece(_ digest: Digest, epoch: Int) -> ObjectKey {
        pieces.appending(String(epoch)).appending(String(digest.hex.prefix(2))).appending(digest.hex)
    }

    /// The epoch whose writer made the piece. Nil for what is not the name of a piece.
    func epoch(ofPiece key: ObjectKey) -> Int? {
        let below = key.components.dropFirst(pieces.components.count)
        guard below.count == 3, let folder = below.first, let epoch = Int(folder), epoch >= 0,
            let digest = Digest(hex: key.name), piece(digest, epoch: epoch) == key
        else { return nil }
        return epoch
    }
}
