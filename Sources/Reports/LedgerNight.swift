// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// One night as the ledger books it. Amounts are settled: whole micro-dollars.
package struct LedgerNight: Hashable, Sendable {
    package enum Status: String, Codable, Hashable, Sendable, CaseIterable {
        case inTime = "in-time"
        case late
        case kept = "kept-previous"
        case failed
        case running
        /// Nobody brought it to its end, and the night is over: what it cost is known up to its machines' leases.
        case abandoned
    }

    package var id: String
    package var job: String
    /// Local date of the deadline, in the job's zone: the day and the month that it belongs to.
    package var date: LocalDate
    /// Nobody bills it: it was played with a faster clock than the wall's, or on this machine.
    package var isRehearsal: Bool
    package var summary: NightSummary
    package var account: NightAccount
    /// Stretches without a machine, and requests that gave none.
    package var waits: Int
    package var refusals: Int
    /// On-demand's price that its baseline is reckoned with, with its date and source.
    package var onDemand: PricedOffer?
    /// Keys of the launches that were ordered and not refused, billed or not.
    package var launches: [String]

    /// `nil` for a night that was not opened. `isRehearsal` says that its clock was faster than the wall's.
    package init?(
        id: String, date: LocalDate, isRehearsal: Bool, events: some BidirectionalCollection<NightEvent>,
        at now: Instant
    ) {
        let (timeline, bill) = (Timeline(events), Bill(events))
        let now = (timeline.outcome == nil ? nil : events.last?.at) ?? now
        guard let summary = NightSummary(timeline, bill, at: now) else { return nil }
        self.id = id
        job = summary.terms.job
        self.date = date
        let offers = timeline.launches.isEmpty ? summary.terms.offers.map(\.offer) : timeline.launches.map(\.offer)
        self.isRehearsal = isRehearsal || (!offers.isEmpty && offers.allSatisfy { $0.backend == "local" })
        onDemand = bill.baselinePrice
        self.summary = summary
        account = NightAccount(timeline, bill, at: now)
        launches = timeline.launches.map(\.key)
        waits = timeline.waitingSpans(at: now).count
        refusals = timeline.marks.count { if case .refused = $0.kind { true } else { false } }
    }

    package var status: Status {
        switch summary.outcome {
        case .completed(_, late: false): .inTime
        case .completed(_, late: true): .late
        case .keptPrevious: .kept
        case .failed: .failed
        case nil: summary.at > summary.terms.end ? .abandoned : .running
        }
    }

    /// Of what is known; the whole of it where `isCostKnown`.
    package var cost: Money { account.total }
    /// False when a launch is charged at a price that was not found.
    package var isCostKnown: Bool { account.unpriced.isEmpty }
    package var isOver: Bool { status != .running && status != .abandoned }

    /// The training went through to a whole model, whatever became of that: only such a night is comparable with an
    /// undisturbed one on on-demand.
    package var isComparable: Bool { summary.model != nil }

    /// What the same training would have cost on on-demand, at the price that was frozen when the night opened; `nil`
    /// where that was not found, and for a night that is not comparable.
    package var baseline: Money? { isComparable ? summary.baseline?.settled : nil }
}
