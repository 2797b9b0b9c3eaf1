// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Where a night is, or wants to be. The number is an index into the outlook's `spot` or `onDemand`.
package enum Placement: Hashable, Sendable {
    /// No machine; nothing is paid.
    case none
    case spot(Int)
    case onDemand(Int)

    package var isSpot: Bool { if case .spot = self { true } else { false } }
    package var isOnDemand: Bool { if case .onDemand = self { true } else { false } }
}

/// One offer in numbers.
package struct Pool: Hashable, Sendable {
    /// Microdollars per hour.
    package var rate: Int64
    /// It can be asked now: it was not refused or taken away a moment ago.
    package var isUp: Bool
    /// How long it has been as it is, as far as the night has seen, in milliseconds; never longer than the night.
    package var age: Int64
    /// Its place when the night opened, by which a policy knows it again: prices change the order, and a limit may take
    /// one out.
    package var number: Int

    package init(rate: Int64, isUp: Bool, age: Int64, number: Int = 0) {
        self.rate = rate
        self.isUp = isUp
        self.age = age
        self.number = number
    }
}

/// All that a policy may look at, in numbers of this instant; nothing in it knows the future. Times are whole
/// milliseconds.
///
/// It holds no names and no texts, so whoever plays a million nights updates one in place and allocates nothing.
package struct Outlook: Hashable, Sendable {
    /// From the night's start to the instant by which training must be done (deadline − margin − upload).
    package var window: Int64
    package var totalWork: Int64
    package var restartOverhead: Int64
    /// On-demand's promised wait.
    package var onDemandWait: Int64
    /// The longest until the next look.
    package var tick: Int64
    /// How often training saves; 0 where all progress is durable the moment it is made.
    package var checkpointInterval: Int64

    /// Since the night's start.
    package var elapsed: Int64 = 0
    /// Training time left if the present machine lives.
    package var workLeft: Int64
    /// Training time left if it is lost now.
    package var durableWorkLeft: Int64
    /// The machine that was chosen last and still lives.
    package var current = Placement.none
    /// What is left of its restart; 0 when it trains.
    package var overheadLeft: Int64 = 0
    /// The Spot pool whose machine goes on training while `current`, on-demand that was asked for, has not come.
    package var trainingMeanwhile: Int?
    /// How long Spot may still be paid before a limit that a person has set (budget, training time) would no longer leave
    /// what on-demand needs for the durable work left; `max` where no limit is near or on-demand never fitted in.
    package var limitSlack = Int64.max
    /// Cheapest first, then by name.
    package var spot: [Pool]
    /// As `spot`; empty when nothing is promised.
    package var onDemand: [Pool]
    /// What the policy last answered as its own.
    package var lineStart: LineStart?

    /// The pools of a night that opens; they are numbered in this order.
    package init(
        window: Int64, totalWork: Int64, restartOverhead: Int64, onDemandWait: Int64, tick: Int64,
        checkpointInterval: Int64, spot: [Pool], onDemand: [Pool]
    ) {
        self.window = window
        self.totalWork = totalWork
        self.restartOverhead = restartOverhead
        self.onDemandWait = onDemandWait
        self.tick = tick
        self.checkpointInterval = checkpointInterval
        workLeft = totalWork
        durableWorkLeft = totalWork
        self.spot = spot
        self.onDemand = onDemand
        for index in spot.indices { self.spot[index].number = index }
        for index in onDemand.indices { self.onDemand[index].number = index }
    }

    /// The Spot pool whose machine trains now.
    package var trainingSpot: Int? {
        if case .spot(let pool) = current, overheadLeft == 0 { return pool }
        return trainingMeanwhile
    }

    package var timeLeft: Int64 { window - elapsed }

    /// Until the latest safe switch; negative when it has passed.
    package var slack: Int64 { timeLeft - durableWorkLeft - restartOverhead - onDemandWait }

    /// The cheapest that can be asked.
    package var spotToAsk: Int? { spot.firstIndex(where: \.isUp) }
    package var onDemandToAsk: Int? { onDemand.firstIndex(where: \.isUp) }
}
