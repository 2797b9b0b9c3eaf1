// SPDX-License-Identifier: Apache-2.0

import TrainingAgent
import TrainingJobs

/// Progress in the names of checkpoint files, for jobs that read it from there.
enum CheckpointUnits {
    /// The most that a name tells; `nil` for jobs that read progress from the log.
    static func newest(_ names: [String], _ progress: ProgressSource) -> Double? {
        UnitsInName(progress).flatMap { reader in names.compactMap { reader.units(in: $0) }.max() }
    }
}
