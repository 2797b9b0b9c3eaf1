// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// All that a policy may look at. Everything is a plain value of this instant; nothing in it knows the future.
package struct Situation: Hashable, Sendable {
    package enum Current: Hashable, Sendable {
        case none
        /// The machine that the night has chosen last and that still lives; `ready` once it trains.
        case machine(Offer, ready: Bool)

        package var offer: Offer? {
            if case .machine(let offer, _) = self { offer } else { nil }
        }
    }

    /// An offer as it can be had now.
    package struct Candidate: Hashable, Sendable {
        package var priced: PricedOffer
        /// It was refused, or taken away, and is not asked again before this.
        package var refusedUntil: Instant?

        package var offer: Offer { priced.offer }

        package init(priced: PricedOffer, refusedUntil: Instant?) {
            self.priced = priced
            self.refusedUntil = refusedUntil
        }
    }

    package var terms: NightTerms
    package var now: Instant
    package var current: Current
    /// Cheapest first, then by name.
    package var spot: [Candidate]
    package var onDemand: [Candidate]
    package var totalWork: Duration
    /// Training time left if the present machine lives.
    package var workLeft: Duration
    /// Training time left if it is lost now.
    package var durableWorkLeft: Duration
    package var spent: Money

    package init(
        terms: NightTerms, now: Instant, current: Current, spot: [Candidate], onDemand: [Candidate],
        totalWork: Duration, workLeft: Duration, durableWorkLeft: Duration, spent: Money
    ) {
        self.terms = terms
        self.now = now
        self.current = current
        self.spot = spot
        self.onDemand = onDemand
        self.totalWork = totalWork
        self.workLeft = workLeft
        self.durableWorkLeft = durableWorkLeft
        self.spent = spent
    }

    package var latestSafeSwitch: Instant { terms.latestSafeSwitch(workLeft: durableWorkLeft) }
    package var slack: Duration { latestSafeSwitch - now }

    package func canAsk(_ candidate: Candidate) -> Bool { candidate.refusedUntil.map { $0 <= now } ?? true }
    package var spotToAsk: Candidate? { spot.first(where: canAsk) }
    package var onDemandToAsk: Candidate? { onDemand.first(where: canAsk) }

    package var isOnSpot: Bool { current.offer?.purchase == .spot }
    package var isOnOnDemand: Bool { current.offer?.purchase == .onDemand }

    /// Spot makes something durable only after a restart and a checkpoint interval. Entering it is worth it only when
    /// that, and a look before and after, still fits before the latest safe switch.
    package var hasRoomToEnterSpot: Bool {
        slack >= roomForSpot
    }

    /// A machine on on-demand was waited for, and after it was given away the same wait may come again.
    package var hasRoomToLeaveOnDemand: Bool {
        slack >= roomForSpot + terms.onDemandWait
    }

    private var roomForSpot: Duration {
        terms.restartOverhead + terms.checkpointInterval + terms.tick * 2
    }
}
