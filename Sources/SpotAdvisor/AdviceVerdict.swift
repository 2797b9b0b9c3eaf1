// SPDX-License-Identifier: Apache-2.0

/// The answer to "does Spot fit this job?", with everything that speaks against it.
package struct AdviceVerdict: Hashable, Sendable {
    package enum Fit: String, Codable, Hashable, Sendable {
        case fits
        case fitsWithConditions = "fits-with-conditions"
        case doesNotFit = "does-not-fit"
    }

    /// Why Spot does not fit. The raw values are codes that programs may branch on; they never change their meaning.
    package enum Obstacle: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nothing is saved, so nothing can be resumed.
        case noCheckpoint = "no-checkpoint"
        /// The last drill failed.
        case drillFailed = "drill-failed"
        /// On-demand alone would miss the deadline.
        case hopelessDeadline = "hopeless-deadline"
        /// There is no room for Spot between the start and the latest safe switch.
        case sharpDeadline = "sharp-deadline"
        /// Starting, restoring and uploading are too large a part of the work for what is saved.
        case shortJob = "short-job"
        /// Spot is absent or lost too often to save anything.
        case thinPool = "thin-pool"
        /// A late night costs more than Spot saves.
        case costlyFailure = "costly-failure"
        /// Too little is saved to pay for the work.
        case smallBill = "small-bill"
        /// Spot costs as much as on-demand, or more.
        case noDiscount = "no-discount"
        /// The job offers no Spot, or no on-demand to fall back to.
        case nothingToCompare = "nothing-to-compare"
    }

    /// What must be done or accepted first.
    package enum Condition: String, Codable, Hashable, Sendable, CaseIterable {
        case runDrill = "run-drill"
        case drillAgain = "drill-again"
        case sayFailureCost = "say-failure-cost"
        /// The job file offers no Spot: that of its own types and zones was judged.
        case offerSpot = "offer-spot"
        /// A price of the night is older than half a year, or its day is not known.
        case oldPrices = "old-prices"
        /// Each interruption costs half of the work, or more.
        case shortJob = "short-job"
        /// The pool was hardly seen, and half of what is believed of it would not pay.
        case weakEvidence = "weak-evidence"
        /// One night in twenty or more is late that on-demand would bring in time.
        case lateRisk = "late-risk"
    }

    /// In the order of `Obstacle.allCases`; the first one is the headline.
    package let obstacles: [Obstacle]
    /// In the order of `Condition.allCases`.
    package let conditions: [Condition]

    package init(obstacles: Set<Obstacle>, conditions: Set<Condition>) {
        self.obstacles = Obstacle.allCases.filter(obstacles.contains)
        self.conditions = Condition.allCases.filter(conditions.contains)
    }

    package var fit: Fit {
        obstacles.isEmpty ? (conditions.isEmpty ? .fits : .fitsWithConditions) : .doesNotFit
    }
}
