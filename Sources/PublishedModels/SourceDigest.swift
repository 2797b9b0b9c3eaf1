// SPDX-License-Identifier: Apache-2.0

import CheckpointStore

/// What a model was trained by, as one digest: the source snapshot without what Python left in it.
enum SourceDigest {
    /// `nil` for a snapshot that is gone, and for one with links to directories: what is behind them was not frozen, so a
    /// digest would claim too much.
    static func of(_ directory: String) -> String? {
        try? TreeDigest.measure(directory: directory, leavingOut: ["__pycache__"]).digest
    }
}
