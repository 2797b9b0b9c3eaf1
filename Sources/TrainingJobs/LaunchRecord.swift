// SPDX-License-Identifier: Apache-2.0

/// What the journal knows about one launch, from the intent to the end.
package struct LaunchRecord: Hashable, Sendable {
    package struct Stop: Hashable, Sendable {
        package var at: Instant
        package var reason: StopReason
    }

    package struct End: Hashable, Sendable {
        package var at: Instant
        package var reason: EndReason
    }

    package var order: LaunchOrder
    package var requestedAt: Instant
    /// Observed stays, oldest first. A platform that restarts by itself gives one launch many of them.
    package var attempts: [AttemptRecord] = []
    package var notice: InterruptionNotice?
    package var trainerFailures: [String] = []
    package var alarms: [Alarm] = []
    package var stop: Stop?
    package var end: End?

    package var key: String { order.key }
    package var offer: Offer { order.offer }
    package var runningSince: Instant? { attempts.first?.from }
    package var isRunning: Bool { end == nil && attempts.last.map { $0.until == nil } ?? false }

    package init(order: LaunchOrder, requestedAt: Instant) {
        self.order = order
        self.requestedAt = requestedAt
    }

    /// Its end or, while none was seen, now; a lease that has run out has ended it unseen.
    package func end(at now: Instant) -> Instant { end?.at ?? min(now, order.notAfter) }

    /// The end of an attempt: when the platform took its machine, the next one's begin, the launch's end, or now.
    package func end(ofAttempt index: Int, at now: Instant) -> Instant {
        if let until = attempts[index].until { return max(attempts[index].from, until) }
        if index + 1 < attempts.count { return attempts[index + 1].from }
        return max(attempts[index].from, end(at: now))
    }
}

/// One stay on one machine.
package struct AttemptRecord: Hashable, Sendable {
    /// When the machine was granted: billed since.
    package var from: Instant
    /// When the platform took it, to start the launch again by itself; `nil` while it stays and when the launch ends.
    package var until: Instant?
    package var training: TrainingStart?
    /// The first and the newest progress of this stay.
    package var first: ProgressPoint?
    package var newest: ProgressPoint?

    package init(from: Instant) {
        self.from = from
    }

    /// The furthest that this stay got; `nil` before training has started.
    package var reach: Double? {
        guard let training else { return nil }
        return max(training.units, newest?.units ?? training.units)
    }

    /// Seconds per unit, measured without the start-up; `nil` until two points of progress are known.
    package var secondsPerUnit: Double? { measured.map { $0.seconds / $0.units } }

    /// What was trained between the first and the newest point of progress.
    var measured: (seconds: Double, units: Double)? {
        guard let first, let newest, newest.units > first.units, newest.at > first.at else { return nil }
        return ((newest.at - first.at).realSeconds, newest.units - first.units)
    }

    /// When training made progress again, which ends the restart overhead.
    ///
    /// Progress is told at the end of a unit, so its first point is carried back to the units of the start at the
    /// stay's own pace (`assumed` until that is known). Never before the training process was started.
    package func progressBegan(assumed secondsPerUnit: Double) -> Instant? {
        guard let training else { return nil }
        guard let first, first.units > training.units else {
            return first.map { max($0.at, training.at) } ?? training.at
        }
        let work = (first.units - training.units) * (self.secondsPerUnit ?? secondsPerUnit)
        return max(training.at, first.at - Duration(realSeconds: work))
    }
}
