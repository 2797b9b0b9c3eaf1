// SPDX-License-Identifier: Apache-2.0

import Digests

/// One entry of the commit log. It never changes once it has been created.
struct LogRecord: Hashable, Sendable {
    var lineage: String
    var sequence: Int
    /// Digest of the bytes of the record before this one, as they lay there when this one was appended. Nil for the
    /// first record, and when the one before could not be read at all.
    var previous: Digest?
    var epoch: Int
    var committedAt: Int64
    var entry: Entry

    enum Entry: Hashable, Sendable {
        /// From here on nothing of a lower epoch belongs to the log.
        case claim
        case generation(Generation)
        /// Generations below this sequence have lost, or may lose, their pieces.
        case prune(floor: Int)
    }

    var generation: Generation? {
        if case .generation(let generation) = entry { generation } else { nil }
    }
}
