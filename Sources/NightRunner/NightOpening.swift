// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Makes the terms of a night from a job, its window and today's prices.
package enum NightOpening {
    /// The shortest that a scaled night can react in, on the wall.
    private static let shortestReaction = Duration.milliseconds(500)

    package static func terms(
        for job: TrainingJob, id: String, start: Instant, deadline: Instant, prices: [PricedOffer], clock: ClockScale
    ) -> NightTerms {
        // A look a minute; in a scaled night no more often than a computer manages under load.
        let tick = max(.minutes(1), shortestReaction * clock.factor)
        return NightTerms(
            night: id, job: job.name, timeZone: job.schedule.timeZone, start: start, deadline: deadline,
            end: start + job.maxWait, totalUnits: job.progress.total, expectedRuntime: job.expectedRuntime,
            maxRun: job.maxRun, restartOverhead: job.restartOverhead, onDemandWait: job.onDemandWait,
            uploadTime: job.uploadTime, safetyMargin: job.safetyMargin, checkpointInterval: job.checkpoint.interval,
            tick: tick,
            // 92 % of interruptions in one type and zone that belong together fall within three minutes
            // (arXiv 2604.16457): a pool that just failed is left alone for that long.
            retryInterval: max(.minutes(3), tick), budget: job.budgetPerNight, policy: job.policy, offers: prices)
    }

    /// Why a night must not be opened now, or `nil`.
    package static func refusal(of terms: NightTerms, at now: Instant) -> Refusal? {
        guard terms.onDemand != nil else {
            return terms.deadline <= now ? .deadlinePassed(deadline: terms.deadline) : nil
        }
        if terms.deadline <= now { return .deadlinePassed(deadline: terms.deadline) }
        if terms.latestSafeSwitch < now { return .hopeless(terms, now: now) }
        return nil
    }

    /// A deadline that cannot be kept is refused before anything is bought.
    package enum Refusal: Hashable, Sendable {
        case deadlinePassed(deadline: Instant)
        /// Even on-demand from now on would come too late.
        case hopeless(NightTerms, now: Instant)
    }
}
