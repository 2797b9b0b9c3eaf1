// SPDX-License-Identifier: Apache-2.0

/// The generations of one night in an object store: commit, restore, list, verify, prune.
///
/// A value without state: any number of them, in any number of processes, may speak of the same lineage. What they
/// agree on lies in the commit log alone. Between two claims at most one writer commits and prunes, one call at a time;
/// a writer that was replaced may do what it likes, it is refused.
package struct Lineage: Sendable {
    package let name: String
    let layout: StoreLayout
    let objects: any ObjectStore
    let pieceBytes: Int

    /// Pieces that are under way at once. In memory are as many, and one that is being read or written.
    static let piecesAtOnce = 8

    var log: CommitLog { CommitLog(layout: layout, objects: objects) }

    /// Does no I/O. Nil unless the name is a valid object key, such as `recommender-2026-11-24`.
    ///
    /// Smaller pieces than the format's 8 MiB serve tests.
    package init?(_ name: String, in objects: any ObjectStore, pieceBytes: Int = 8 << 20) {
        // Room is left for `/pieces/<epoch>/ab/<64 digits>`.
        guard let key = ObjectKey(name), name.utf8.count <= 256 else { return nil }
        precondition((1...StoreLayout.pieceLimit).contains(pieceBytes), "pieces of \(pieceBytes) bytes")
        self.name = name
        self.layout = StoreLayout(lineage: key)
        self.objects = objects
        self.pieceBytes = pieceBytes
    }
}

/// The right of one attempt to commit, until a higher epoch claims the lineage.
package struct Claim: Hashable, Sendable {
    package let epoch: Int
    /// Where the claim stands in the log.
    package let sequence: Int
}
