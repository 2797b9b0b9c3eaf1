// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TrainingJobs

/// The documented exit codes (`docs/exit-codes.md`); they never change their meaning.
extension ExitCode {
    static let badInput = ExitCode(2)
    static let late = ExitCode(3)
    static let keptPrevious = ExitCode(4)
    static let verificationFailed = ExitCode(5)
    static let refusedBeforeStart = ExitCode(6)
    static let machineStateUnknown = ExitCode(7)
    static let interrupted = ExitCode(130)

    init(_ outcome: NightOutcome) {
        switch outcome {
        case .completed(_, late: false): self = .success
        case .completed(_, late: true): self = .late
        case .keptPrevious: self = .keptPrevious
        case .failed(.training): self = .failure
        case .failed(.checkpointsLost): self = .verificationFailed
        case .failed(.refused): self = .refusedBeforeStart
        }
    }
}
