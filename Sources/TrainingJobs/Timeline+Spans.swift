// SPDX-License-Identifier: Apache-2.0

/// A stretch of a night with one thing going on.
package struct TimelineSpan: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The night has no running machine, whether one was asked for or not; nothing is paid.
        case waiting
        /// One launch waits for its capacity; nothing is paid for it.
        case pending
        /// From "capacity granted" to "training makes progress again".
        case restart
        /// Work that a lost machine had done already.
        case redone
        case training
    }

    package var kind: Kind
    /// `nil` for the night's own waiting.
    package var key: String?
    package var offer: Offer?
    package var from: Instant
    package var until: Instant

    package var duration: Duration { until - from }
}

extension Timeline {
    /// The spans of every launch, in order of launch and time, without empty ones.
    package func launchSpans(at now: Instant) -> [TimelineSpan] {
        var spans: [TimelineSpan] = []
        var reach: Double?
        for launch in launches {
            func add(_ kind: TimelineSpan.Kind, _ from: Instant, _ until: Instant) {
                guard from < until else { return }
                spans.append(
                    TimelineSpan(kind: kind, key: launch.key, offer: launch.offer, from: from, until: until))
            }
            add(.pending, launch.requestedAt, launch.runningSince ?? launch.end(at: now))
            for (index, attempt) in launch.attempts.enumerated() {
                let end = launch.end(ofAttempt: index, at: now)
                if let taken = attempt.until {
                    let isLast = index + 1 == launch.attempts.count
                    add(.pending, taken, isLast ? launch.end(at: now) : launch.attempts[index + 1].from)
                }
                let began = min(attempt.progressBegan(assumed: secondsPerUnit(of: nil)) ?? end, end)
                add(.restart, attempt.from, began)
                let again = redoneUnits(resumedFrom: attempt.training?.units, after: reach)
                let caughtUp = min(end, began + duration(ofUnits: again, in: attempt))
                add(.redone, began, caughtUp)
                add(.training, caughtUp, end)
                reach = attempt.reach ?? reach
            }
        }
        return spans
    }

    /// The night's stretches without a running machine, oldest first.
    package func waitingSpans(at now: Instant) -> [TimelineSpan] {
        guard let begin, let terms else { return [] }
        let end = finishedAt ?? min(now, max(begin, terms.end))
        var spans: [TimelineSpan] = []
        var covered = begin
        for stay in runningStretches(at: now).sorted(by: { ($0.from, $0.until) < ($1.from, $1.until) }) {
            if covered < min(stay.from, end) {
                spans.append(TimelineSpan(kind: .waiting, from: covered, until: min(stay.from, end)))
            }
            covered = max(covered, stay.until)
        }
        if covered < end { spans.append(TimelineSpan(kind: .waiting, from: covered, until: end)) }
        return spans
    }

    /// Times at which a machine was billed: one stretch a launch, or one a stay where the platform starts a launch again.
    package func runningStretches(at now: Instant) -> [(launch: LaunchRecord, from: Instant, until: Instant)] {
        launches.flatMap { launch in
            var stretches: [(launch: LaunchRecord, from: Instant, until: Instant)] = []
            var from: Instant?
            for (index, attempt) in launch.attempts.enumerated() {
                let begin = from ?? attempt.from
                from = begin
                guard attempt.until != nil || index + 1 == launch.attempts.count else { continue }
                stretches.append((launch, begin, max(begin, launch.end(ofAttempt: index, at: now))))
                from = nil
            }
            return stretches
        }
    }

    /// The pace to reckon with: this attempt's own, else the mean of what was measured, else what the job expects.
    package func secondsPerUnit(of attempt: AttemptRecord?) -> Double {
        if let own = attempt?.secondsPerUnit { return own }
        if let measured = measuredSecondsPerUnit { return measured }
        guard let terms, terms.totalUnits > 0 else { return 0 }
        return terms.expectedRuntime.realSeconds / terms.totalUnits
    }

    /// The mean pace of all attempts; `nil` when none told two points.
    package var measuredSecondsPerUnit: Double? {
        let measured = launches.flatMap(\.attempts).compactMap(\.measured)
        let units = measured.reduce(0) { $0 + $1.units }
        return units > 0 ? measured.reduce(0) { $0 + $1.seconds } / units : nil
    }

    func redoneUnits(resumedFrom units: Double?, after reach: Double?) -> Double {
        guard let units, let reach else { return 0 }
        return max(0, reach - units)
    }

    func duration(ofUnits units: Double, in attempt: AttemptRecord?) -> Duration {
        Duration(realSeconds: units * secondsPerUnit(of: attempt))
    }
}

extension Duration {
    /// To the millisecond, and held within ±100 years: progress is told by training code, which may say anything.
    init(realSeconds seconds: Double) {
        let century = 3_155_760_000.0
        self = .milliseconds(Int64((min(max(seconds.isNaN ? 0 : seconds, -century), century) * 1000).rounded()))
    }
}
