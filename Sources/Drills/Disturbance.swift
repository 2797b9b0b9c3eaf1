// SPDX-License-Identifier: Apache-2.0

/// One way of disturbing a training run on purpose.
package enum Disturbance: String, Codable, Hashable, Sendable, CaseIterable {
    /// Killed without notice between two checkpoints.
    case kill
    /// Killed while it writes a checkpoint; the next attempt finds the files as they lay, the way a platform that copies
    /// files and not sets brings them back.
    case killInSave = "kill-in-save"
    /// An interruption notice, and the two minutes that it gives.
    case notice
    /// Killed, resumed, and killed again after the next checkpoint.
    case killTwice = "kill-twice"
    /// Killed before the first checkpoint.
    case killAtStart = "kill-at-start"
}
