// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A set of checkpoint files that is complete as far as can be seen from outside.
struct CheckpointCandidate: Hashable, Sendable {
    struct File: Hashable, Sendable {
        /// Relative to the checkpoint directory.
        var path: String
        var bytes: Int64
        var modifiedNanoseconds: Int64
        /// From the completion marker, where there is one.
        var sha256: String?
    }

    /// The checkpoint's directory name for marked ones, `settled` for others.
    var label: String
    /// What a script is told it resumes from; `nil` for files that merely settled.
    var step: Int?
    /// In the order of their paths.
    var files: [File]

    static func settled(_ files: [File]) -> CheckpointCandidate {
        CheckpointCandidate(label: "settled", step: nil, files: files)
    }

    /// When its newest file was written, on the wall's clock.
    var writtenAt: Instant {
        Instant(milliseconds: (files.map(\.modifiedNanoseconds).max() ?? 0) / 1_000_000)
    }
}
