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

    /// What is left of the present month for one job, and its nights to draw from.
    package struct Rest: Hashable, Sendable {
        /// Dates for which no night was opened yet.
        package var nights: Int
        /// Of its newest nights that are over, oldest first.
        package var costs: [Money]
        package var newest: LedgerNight

        /// `own` are the job's nights of all months; `next` is the first date whose night can still be opened. `nil` when
        /// nothing is left, and for a job that had no night last month or this one: it is not run any more.
        ///
        /// Rehearsals cost nobody anything, so they neither count as nights nor are drawn. Nor is a night drawn that had no
        /// machine, whose cost says nothing of the market, or one whose cost is not known.
        package init?(of month: CalendarMonth, _ own: [LedgerNight], from next: LocalDate, today: LocalDate) {
            let own = own.filter { !$0.isRehearsal }
            let opened = Set(own.map(\.date))
            nights = month.dates.count { $0 >= max(next, today) && !opened.contains($0) }
            let lastMonth = CalendarMonth(containing: month.first.advanced(by: -1))
            guard nights > 0, let newest = own.last, own.contains(where: { $0.date >= lastMonth.first }) else {
                return nil
            }
            self.newest = newest
            let drawn = own.filter { $0.isOver && $0.isCostKnown && !$0.account.pieces.isEmpty }
            costs = drawn.map(\.cost).suffix(LedgerForecast.mostOwnNights)
        }
    }

    var sourceWords: String {
        switch source {
        case .ownNights(let count): "drawn from its own last \(count) nights"
        case .simulation(let count):
            "from \(NumberText.count(count, "simulated night")) of its market: fewer than \(Self.leastOwnNights) of its "
                + "own that had a machine are over"
        case .none(let why): TerminalText.sanitized(why)
        }
    }
}
