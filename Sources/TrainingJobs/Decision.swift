// SPDX-License-Identifier: Apache-2.0

/// What the policy wants to be on.
package enum Choice: Codable, Hashable, Sendable {
    /// No machine; nothing is paid.
    case wait
    /// This offer: launch it, move to it, or stay when it is the one in use.
    case use(Offer)
}

/// One decision with everything needed to explain it later.
package struct Decision: Codable, Hashable, Sendable {
    package var choice: Choice
    package var reason: DecisionReason
    /// What else could have been done, and why it was not.
    package var alternatives: [Alternative]
    /// Latest safe switch − now; negative when it has passed.
    @JSONSeconds package var slack: Duration
    package var latestSafeSwitch: Instant
    /// Training time left if the present machine lives.
    @JSONSeconds package var workLeft: Duration
    /// Training time left if the present machine is lost now.
    @JSONSeconds package var durableWorkLeft: Duration
    package var spent: Money
    /// What the policy's model expects the night to cost from here to its end; `nil` where it has no model.
    package var expectedCost: Money?
    /// What the policy wants to remember.
    package var lineStart: LineStart?

    package init(
        choice: Choice, reason: DecisionReason, alternatives: [Alternative], slack: Duration,
        latestSafeSwitch: Instant, workLeft: Duration, durableWorkLeft: Duration, spent: Money
    ) {
        self.choice = choice
        self.reason = reason
        self.alternatives = alternatives
        self.slack = slack
        self.latestSafeSwitch = latestSafeSwitch
        self.workLeft = workLeft
        self.durableWorkLeft = durableWorkLeft
        self.spent = spent
    }
}

/// Stable codes: scripts may match them, `why` words them.
package enum DecisionReason: String, Codable, Hashable, Sendable, CaseIterable {
    /// Spot may be had and there is room to try it.
    case spotWorthTrying = "spot-worth-trying"
    /// No Spot offer can be asked now and there is time left to wait.
    case roomToWait = "room-to-wait"
    /// On Spot, and the deadline holds even if it is lost before the next look.
    case spotHolds = "spot-holds"
    /// One more look without on-demand would break the promise.
    case latestSafeSwitch = "latest-safe-switch"
    /// Spot could not make anything durable before the latest safe switch.
    case noRoomForSpot = "no-room-for-spot"
    /// On on-demand, and it stays there.
    case onDemandHolds = "on-demand-holds"
    /// The policy buys nothing else.
    case onDemandOnly = "on-demand-only"
    /// Behind the uniform progress line and Spot is absent.
    case behindProgressLine = "behind-progress-line"
    /// At or ahead of the uniform progress line: waiting costs nothing.
    case aheadOfProgressLine = "ahead-of-progress-line"
    /// Ahead of the line by more than two restarts: back to Spot.
    case hysteresisPassed = "hysteresis-passed"
    /// The time that the policy gives Spot is over.
    case spotTimeOver = "spot-time-over"
    /// By the policy's model nothing else that could be done now is expected to cost less.
    case leastExpectedCost = "least-expected-cost"
    /// On-demand was refused and time is short: any machine is better than none.
    case onDemandRefused = "on-demand-refused"
    /// Nothing can be asked at the moment.
    case everythingRefused = "everything-refused"
}

package struct Alternative: Codable, Hashable, Sendable {
    package var choice: Choice
    package var rejected: Rejection
    /// As in the decision, had this been chosen.
    package var expectedCost: Money?

    package init(choice: Choice, rejected: Rejection, expectedCost: Money? = nil) {
        self.choice = choice
        self.rejected = rejected
        self.expectedCost = expectedCost
    }
}

/// Where a policy's line of needed progress begins. Durations are milliseconds.
package struct LineStart: Codable, Hashable, Sendable {
    /// Since the night's start.
    package var elapsed: Int64
    /// Training time that was left then.
    package var workLeft: Int64

    package init(elapsed: Int64, workLeft: Int64) {
        self.elapsed = elapsed
        self.workLeft = workLeft
    }
}

package enum Rejection: Codable, Hashable, Sendable {
    /// It found no capacity and is not asked again before this.
    case refusedUntil(Instant)
    /// Not enough slack for it.
    case noSlack
    /// It costs this much more per hour.
    case dearer(HourlyRate)
    /// By the policy's model the night would cost this much more.
    case dearerInAll(Money)
    /// Waiting is free but the line of needed progress is ahead.
    case behindProgressLine
    /// The machine in use holds; a change costs a restart.
    case costsRestart
    /// The policy does not use it.
    case policy
}
