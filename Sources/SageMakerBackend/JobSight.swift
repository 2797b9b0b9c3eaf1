// SPDX-License-Identifier: Apache-2.0

import AWSClient
import TrainingJobs

/// What was seen of one training job at one look, made into a picture.
struct JobSight {
    /// For how long the end waits for the billed time: SageMaker tells it a little later.
    private static let billPatience = Duration.minutes(5)

    let key: String
    let night: SageMakerNight
    let quotes: [PricedOffer]
    let description: TrainingJobDescription
    let stays: JobStays
    var report = AgentReport()
    var model: ModelArtifact?

    var endedAt: Instant? {
        let end = description.trainingEndTime.map { night.clock.night(at: $0.instant) } ?? stays.endedAt
        return end.map { max($0, stays.last?.until ?? $0) }
    }

    private var isSpot: Bool { description.enableManagedSpotTraining ?? false }

    private func rate(_ purchase: PurchaseOption) -> HourlyRate {
        quotes.first {
            $0.offer.purchase == purchase && $0.offer.instanceType == description.resourceConfig?.instanceType
        }?.rate ?? HourlyRate(microdollars: 0)
    }

    func picture(at now: Instant) -> LaunchPicture {
        var report = report
        report.model = model
        let running = stays.usage(until: now, rate: rate(isSpot ? .spot : .onDemand))
        guard description.trainingJobStatus.isEnd else {
            return LaunchPicture(
                key: key, state: stays.present.map { .running(since: $0.from) } ?? .pending, usage: running,
                report: report)
        }
        let at = endedAt ?? now
        let billed = billed(until: at)
        if billed == nil, now - at < Self.billPatience, let last = stays.last {
            return LaunchPicture(key: key, state: .running(since: last.from), usage: running, report: report)
        }
        return LaunchPicture(
            key: key, state: .ended(reason, at: at), usage: billed ?? estimated(until: at), report: report)
    }

    /// SageMaker's own account: seconds at the on-demand price, fewer than the stay for managed Spot.
    private func billed(until end: Instant) -> [Usage]? {
        guard let first = stays.stays.first else { return [] }
        guard let seconds = description.billableTimeInSeconds else { return nil }
        return [Usage(from: first.from, until: first.from + .seconds(seconds), rate: rate(.onDemand))]
    }

    /// Where the account never came: the stays, less the discount that was reckoned with.
    private func estimated(until end: Instant) -> [Usage] {
        guard let first = stays.stays.first else { return [] }
        let time = Double(stays.duration(until: end).milliseconds)
        let (spot, onDemand) = (rate(.spot).microdollars, rate(.onDemand).microdollars)
        let share = isSpot && onDemand > 0 ? Double(spot) / Double(onDemand) : 1
        return [
            Usage(
                from: first.from, until: first.from + .milliseconds(Int64((time * share).rounded())),
                rate: rate(.onDemand))
        ]
    }

    private var reason: EndReason {
        let why = description.failureReason ?? "SageMaker gives no reason"
        switch description.secondaryStatus {
        case .maxWaitTimeExceeded?, .maxRuntimeExceeded?: return .leaseExpired
        default: break
        }
        switch description.trainingJobStatus {
        case .completed:
            return model == nil
                ? .trainingFailed("the job completed, and there is no model where SageMaker says it is") : .completed
        case .failed where description.failedForCapacity: return .noCapacity
        // The platform's own fault: another machine may do better.
        case .failed where why.contains("InternalServerError"): return .lost
        case .failed: return .trainingFailed(why)
        default: return .stopped
        }
    }
}
