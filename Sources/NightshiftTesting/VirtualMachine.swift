// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import TrainingJobs

/// A machine that exists only as arithmetic: its picture at any time follows from when it was granted, when it is taken
/// away, and how fast the job trains.
struct VirtualMachine {
    let order: LaunchOrder
    let launchedAt: Instant
    let grantedAt: Instant
    let interruptionAt: Instant?
    let noticeAt: Instant?
    let listing: Market.Listing
    let nightStart: Instant
    /// Set once it trains.
    var training: TrainingStart?
    var commits: [CommittedGeneration] = []
    var stoppedAt: Instant?
    var fencedAt: Instant?
    var model: ModelArtifact?

    /// When its stay is over, as far as is known now.
    var end: (at: Instant, reason: EndReason) {
        var first: (at: Instant, reason: EndReason) = (order.notAfter, .leaseExpired)
        if let model, model.at < first.at { first = (model.at, .completed) }
        if let stoppedAt, stoppedAt < first.at { first = (stoppedAt, .stopped) }
        if let fencedAt, fencedAt < first.at { first = (fencedAt, .fenced) }
        if let interruptionAt, interruptionAt < first.at {
            first = (interruptionAt, .interrupted(noticed: noticeAt != nil))
        }
        return first
    }

    /// Billed time up to an instant, cut at changes of price.
    func usage(until now: Instant) -> [Usage] {
        let until = min(end.at, now)
        guard until > grantedAt else { return [] }
        return listing.usage(from: grantedAt, until: until, nightStart: nightStart)
    }
}

/// What the world does to a night's training, as far as a policy cannot know it. Progress is told once a unit.
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
