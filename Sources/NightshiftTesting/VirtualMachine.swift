// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A machine that exists only as arithmetic: its picture at any time follows from when it was granted, when it is taken
/// away, and how fast the job trains.
struct VirtualMachine {
    let order: LaunchOrder
    let grantedAt: Instant
    let interruptionAt: Instant?
    let noticeAt: Instant?
    let usage: (Instant, Instant) -> [Usage]
    /// Set once it trains.
    var training: TrainingStart?
    var commits: [CommittedGeneration] = []
    var stoppedAt: Instant?
    var fencedAt: Instant?
    var model: ModelArtifact?

    /// When its stay is over, as far as is known now.
    func endsAt(lease: Instant) -> (Instant, EndReason) {
        var ends: [(Instant, EndReason)] = [(lease, .leaseExpired)]
        if let model { ends.append((model.at, .completed)) }
        if let stoppedAt { ends.append((stoppedAt, .stopped)) }
        if let fencedAt { ends.append((fencedAt, .fenced)) }
        if let interruptionAt { ends.append((interruptionAt, .interrupted(noticed: noticeAt != nil))) }
        return ends.min { $0.0 < $1.0 } ?? ends[0]
    }
}

/// What the world does to a night's training, as far as a policy cannot know it.
package struct VirtualConditions: Hashable, Sendable {
    package var secondsPerUnit: Double
    package var restart: Duration
    package var upload: Duration
    package var unitsPerCheckpoint: Double

    package init(secondsPerUnit: Double, restart: Duration, upload: Duration, unitsPerCheckpoint: Double) {
        self.secondsPerUnit = secondsPerUnit
        self.restart = restart
        self.upload = upload
        self.unitsPerCheckpoint = unitsPerCheckpoint
    }
}
