// SPDX-License-Identifier: Apache-2.0

import AWSClient
import TrainingJobs

/// A training job's stays on machines, as its status transitions tell them. Managed Spot has as many as it needs.
struct JobStays: Hashable {
    struct Stay: Hashable {
        var from: Instant
        /// `nil` while the machine is there.
        var until: Instant?
        /// When the container was started.
        var trainingAt: Instant?
    }

    private(set) var stays: [Stay] = []
    /// When the last status of an end began.
    private(set) var endedAt: Instant?

    /// Words that AWS adds later change nothing: what went on goes on.
    init(_ transitions: [SageMaker.SecondaryStatusTransition], clock: ClockScale) {
        for transition in transitions {
            let at = clock.night(at: transition.startTime.instant)
            switch transition.status {
            case .downloading, .downloadingTrainingImage, .uploading: enter(at)
            case .training:
                enter(at)
                let last = stays.count - 1
                stays[last].trainingAt = stays[last].trainingAt ?? at
            case .starting, .launchingMLInstances, .preparingTrainingStack, .pending, .interrupted, .restarting:
                leave(at)
            case .completed, .failed, .stopped, .maxRuntimeExceeded, .maxWaitTimeExceeded:
                leave(at)
                endedAt = endedAt ?? at
            default: break
            }
        }
    }

    private mutating func enter(_ at: Instant) {
        guard stays.last.map({ $0.until != nil }) ?? true else { return }
        stays.append(Stay(from: max(at, stays.last?.until ?? at), until: nil, trainingAt: nil))
    }

    private mutating func leave(_ at: Instant) {
        guard let last = stays.indices.last, stays[last].until == nil else { return }
        stays[last].until = max(at, stays[last].from)
    }

    /// The machine that is there now.
    var present: Stay? { stays.last.flatMap { $0.until == nil ? $0 : nil } }
    var last: Stay? { stays.last }

    /// The time on machines until `now`.
    func duration(until now: Instant) -> Duration {
        stays.reduce(.zero) { $0 + max(.zero, ($1.until ?? now) - $1.from) }
    }

    func usage(until now: Instant, rate: HourlyRate) -> [Usage] {
        stays.map { Usage(from: $0.from, until: max($0.from, $0.until ?? now), rate: rate) }
    }
}
