// SPDX-License-Identifier: Apache-2.0

/// An order to create one machine. The same key may be ordered again: the answer is then the machine that exists.
package struct LaunchOrder: Codable, Hashable, Sendable {
    /// `<night>-a<epoch>`; the idempotency key, and the name of the machine on its backend.
    package var key: String
    package var night: String
    /// Rises with each launch of a night; a checkpoint store refuses commits of a lower one.
    package var epoch: Int
    package var offer: Offer
    package var rate: HourlyRate
    /// The machine's own end, which holds even if nobody steers any more.
    package var notAfter: Instant
    /// At least this generation must be found at restore; `nil` when nothing has been committed yet.
    package var expectedGeneration: Int?
    /// The loss that was known when that generation was committed.
    package var expectedLoss: Double?

    package init(
        key: String, night: String, epoch: Int, offer: Offer, rate: HourlyRate, notAfter: Instant,
        expectedGeneration: Int?, expectedLoss: Double? = nil
    ) {
        self.key = key
        self.night = night
        self.epoch = epoch
        self.offer = offer
        self.rate = rate
        self.notAfter = notAfter
        self.expectedGeneration = expectedGeneration
        self.expectedLoss = expectedLoss
    }
}

/// How a launch ended as a request. Quota is not capacity (waiting does not help); throttling is not failure.
package enum LaunchOutcome: Codable, Hashable, Sendable {
    case launched
    case noCapacity
    case quota(String)
    case throttled
    case refused(String)
}

/// Why a machine's stay is over.
package enum EndReason: Codable, Hashable, Sendable {
    /// The model is in place and the machine went.
    case completed
    /// Taken away by the platform, with or without a notice.
    case interrupted(noticed: Bool)
    /// We stopped it.
    case stopped
    /// Its lease ran out.
    case leaseExpired
    /// A machine of a higher epoch took over its checkpoints.
    case fenced
    /// The platform gave up before it granted a machine.
    case noCapacity
    /// The machine or its agent died without a word.
    case lost
    /// The training code fails again and again.
    case trainingFailed(String)
    /// Committed checkpoints were expected and could not be restored.
    case checkpointsLost(String)
    /// A tripwire fired, and the job wants the night to end then.
    case tripped(Alarm.Sighting)
}

/// A stretch of billed time at one rate.
package struct Usage: Codable, Hashable, Sendable {
    package var from: Instant
    package var until: Instant
    package var rate: HourlyRate

    package init(from: Instant, until: Instant, rate: HourlyRate) {
        self.from = from
        self.until = until
        self.rate = rate
    }

    package var cost: Money { rate.cost(of: until - from) }
}

/// One machine as its backend sees it now: a whole picture, not a change.
package struct LaunchPicture: Codable, Hashable, Sendable {
    package enum State: Codable, Hashable, Sendable {
        /// Accepted, waiting for capacity; not billed. With usage: waiting again, since the end of the last stay.
        case pending
        /// Billed since. A platform that restarts by itself names the present stay's begin.
        case running(since: Instant)
        case ended(EndReason, at: Instant)
    }

    package var key: String
    package var state: State
    /// The platform's own account of billed time, up to now or final.
    package var usage: [Usage]
    /// What the agent on the machine last said.
    package var report: AgentReport

    package init(key: String, state: State, usage: [Usage], report: AgentReport) {
        self.key = key
        self.state = state
        self.usage = usage
        self.report = report
    }
}
