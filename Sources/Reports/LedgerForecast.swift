// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// What the rest of a month may cost for one job.
package struct LedgerForecast: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// The job's own past nights, so many.
        case ownNights(Int)
        /// Nights of its own market, simulated, so many.
        case simulation(Int)
        /// Nothing to build on, in words.
        case none(String)
    }

    package var job: String
    package var nightsLeft: Int
    package var source: Source
    /// `nil` without a source.
    package var cost: MonthSpread?

    /// Fewer say too little about a spread.
    package static let leastOwnNights = 5
    /// Older ones were of another market.
    package static let mostOwnNights = 60

    package init(job: String, nightsLeft: Int, own: [Money]) {
        self.job = job
        self.nightsLeft = nightsLeft
        source = .ownNights(own.count)
        cost = MonthSpread(own, nights: nightsLeft)
    }

    package init(job: String, nightsLeft: Int, simulated: [Money]) {
        self.job = job
        self.nightsLeft = nightsLeft
        source = .simulation(simulated.count)
        cost = MonthSpread(simulated, nights: nightsLeft)
    }

    package init(job: String, nightsLeft: Int, nothing why: String) {
        self.job = job
        self.nightsLeft = nightsLeft
        source = .none(why)
    }

    var sourceWords: String {
        switch source {
        case .ownNights(let count): "drawn from its own last \(count) nights"
        case .simulation(let count):
            "from \(NumberText.count(count, "simulated night")) of its market: fewer than \(Self.leastOwnNights) of its "
                + "own are over"
        case .none(let why): TerminalText.sanitized(why)
        }
    }
}
