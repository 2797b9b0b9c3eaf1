// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What is known about whether the job can be interrupted and resumed.
package struct ResumeEvidence: Hashable, Sendable {
    package enum Standing: String, Codable, Hashable, Sendable {
        /// A drill of this very code passed.
        case proven
        /// One did, but it is older than a month, or than the job file allows.
        case old
        /// The last drill was of other code, or of some disturbances only.
        case partly
        case never
        case failed
        /// The script neither reads nor names its checkpoints, or would save only when it is done.
        case noCheckpoint = "no-checkpoint"
    }

    package var standing: Standing
    /// One sentence with the evidence and its age.
    package var words: String

    package init(_ standing: Standing, _ words: String) {
        self.standing = standing
        self.words = words
    }

    /// A drill proves the code of its day on the machine of its day; after a month it is asked for again.
    package static let oldAfter = Duration.hours(24 * 30)
}

/// The deadline in durations.
package struct DeadlineShape: Hashable, Sendable {
    package enum Form: String, Codable, Hashable, Sendable {
        /// Even on-demand from the start is too late.
        case hopeless
        /// On-demand fits, but before it must be bought Spot could not make anything durable.
        case sharp
        /// Spot may be tried, but not left for Spot again.
        case tight
        case loose
    }

    package let window: Duration
    package let work: Duration
    /// What on-demand needs beside the work: restart, its own wait, upload, margin.
    package let overheads: Duration
    /// From the start to the latest safe switch.
    package let slack: Duration
    /// Less than this, and Spot is not entered: a restart, a checkpoint interval, two looks.
    package let roomForSpot: Duration
    package let latestSafeSwitch: Instant

    package init(_ terms: NightTerms) {
        window = terms.deadline - terms.start
        work = terms.expectedRuntime
        latestSafeSwitch = terms.latestSafeSwitch
        slack = terms.latestSafeSwitch - terms.start
        overheads = window - work - slack
        roomForSpot = terms.restartOverhead + terms.checkpointInterval + terms.tick * 2
    }

    package var form: Form {
        if slack < .zero { return .hopeless }
        if slack < roomForSpot { return .sharp }
        return slack < roomForSpot * 2 ? .tight : .loose
    }
}

/// What a night without a new model costs, and how likely one is.
package struct FailureRisk: Hashable, Sendable {
    /// As the job file says; `nil` when it does not.
    package var cost: Money?
    /// Of nights on Spot with the switch to on-demand.
    package var lateShare: Double
    /// Of nights on on-demand from the start.
    package var lateShareOnDemand: Double

    /// On-demand's wait is promised for 19 launches of 20: it is the 95th percentile, by the job file's own word.
    package static let longerWaits = 0.05

    /// Of a hundred nights, how many more are late on Spot; negative where Spot's are fewer.
    package var added: Double { lateShare - lateShareOnDemand }

    /// What the nights that Spot adds cost, on average a night.
    package var expected: Money? {
        cost.map { Money(units: Int128((Double($0.units) * added).rounded())) }
    }

    /// Nights on on-demand from the start: a wait of twice the promise still fits into the slack, or it does not.
    static func lateOnDemand(_ terms: NightTerms) -> Double {
        let slack = terms.latestSafeSwitch - terms.start
        return slack < .zero ? 1 : slack >= terms.onDemandWait ? 0 : longerWaits
    }
}

/// What a month brings against what it takes to get there.
package struct WorkWorth: Hashable, Sendable {
    /// Of a job that runs once, by that one night.
    package var savedPerMonth: Money
    package var engineering: Money
    /// It was not in the job file: a week of engineering is taken.
    package var engineeringIsAssumed: Bool
    /// Dollars.
    package var week: Money
    package var runsOnce: Bool

    /// Months within which the work must have paid for itself.
    package static let longestPayback = 12

    package var paysBack: Bool {
        savedPerMonth > .zero
            && savedPerMonth.units * Int128(runsOnce ? 1 : Self.longestPayback) >= engineering.units
    }

    /// `nil` when it never does, and for a job that runs once.
    package var paybackMonths: Double? {
        savedPerMonth > .zero && !runsOnce ? Double(engineering.units) / Double(savedPerMonth.units) : nil
    }

    package var weeks: Double { Double(engineering.units) / Double(week.units) }

    /// Saved in a month, for each week of engineering; less than a day of work counts as a day.
    package var savedPerWeek: Money {
        Money(units: Int128((Double(savedPerMonth.units) / max(weeks, 0.2)).rounded()))
    }
}
