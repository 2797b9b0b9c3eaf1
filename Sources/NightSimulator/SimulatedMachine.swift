// SPDX-License-Identifier: Apache-2.0

import SpotMarket
import TrainingJobs

/// A machine that exists only as arithmetic: its picture at any time follows from when it was granted, when it is taken
/// away, and how the job trains.
struct SimulatedMachine: Sendable {
    let order: LaunchOrder
    let grantedAt: Instant
    let interruptionAt: Instant?
    let noticeAt: Instant?
    let listing: Market.Listing
    let nightStart: Instant
    /// On-demand's rate of its type, where the platform tells the discount in billable seconds.
    let onDemandRate: HourlyRate?
    /// Set once it trains.
    var course: TrainingCourse?
    var commits: [CommittedGeneration] = []
    var stoppedAt: Instant?
    var fencedAt: Instant?
    var model: ModelArtifact?
    /// Its end has passed, so nothing about it changes any more.
    var isOver = false

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

    /// Billed time up to an instant as the platform reports it.
    func usage(until now: Instant) -> [Usage] {
        let until = min(end.at, now)
        guard until > grantedAt else { return [] }
        return BillingRule(order.offer).reported(
            listing.usage(from: grantedAt, until: until, nightStart: nightStart), onDemand: onDemandRate)
    }

    /// As its backend would see it.
    func picture(at now: Instant) -> LaunchPicture {
        let (end, reason) = end
        let until = min(end, now)
        var report = AgentReport()
        report.training = course?.start
        report.commits = commits
        report.model = model
        if let course, until > course.start.at {
            report.firstProgress = ProgressPoint(at: course.start.at, units: course.start.units)
            report.progress =
                course.told(by: until, withFraction: course.conditions.tellsFractions && end <= now)
                ?? report.firstProgress
        }
        if let noticeAt, let interruptionAt, noticeAt <= until, noticeAt >= grantedAt {
            report.notice = InterruptionNotice(seenAt: noticeAt, interruptionAt: interruptionAt)
        }
        let state: LaunchPicture.State
        if end <= now {
            state = .ended(reason, at: end)
        } else {
            state = grantedAt <= now ? .running(since: grantedAt) : .pending
        }
        return LaunchPicture(key: order.key, state: state, usage: usage(until: now), report: report)
    }
}
