// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Everything known about a night: a fold over its events, and nothing else.
///
/// Recovery replays the journal through the same `apply` that a live night uses, so there is one way to compute a state.
package struct NightState: Hashable, Sendable {
    /// An offer that waiting will not bring (quota, permission), with the backend's words.
    package struct Refusal: Hashable, Sendable {
        package var offer: Offer
        package var why: String
    }

    package let terms: NightTerms
    package private(set) var sequence: Int
    package private(set) var offers: [PricedOffer]
    package private(set) var launches: [LaunchState] = []
    /// The newest committed generation that a machine could restore.
    package private(set) var durable: CommittedGeneration?
    package private(set) var pace: Pace
    package private(set) var bill = Bill()
    package private(set) var refusedUntil: [Offer: Instant] = [:]
    package private(set) var refusals: [Refusal] = []
    package private(set) var lastDecision: Decision?
    package private(set) var model: ModelArtifact?
    package private(set) var concluding: NightOutcome?
    package private(set) var finished: NightOutcome?

    /// The first event of a night must be `opened`, with sequence number 1.
    package init(opening event: NightEvent) throws(IllegalEvent) {
        guard case .opened(let terms) = event.kind, event.sequence == 1 else {
            throw IllegalEvent(event: event, state: "a night that has not been opened")
        }
        self.terms = terms
        sequence = 1
        offers = terms.offers
        pace = Pace(totalUnits: terms.totalUnits, expectedRuntime: terms.expectedRuntime)
        bill.apply(event)
    }

    package var liveLaunches: [LaunchState] { launches.filter(\.isLive) }

    /// The machine that was chosen last and still lives; an older one may run beside it until it trains.
    package var current: LaunchState? { launches.last { $0.isLive && $0.stopRequested == nil } }

    package var durableUnits: Double { durable?.units ?? 0 }

    /// The best progress on any live machine, or what is durable.
    package var units: Double {
        max(durableUnits, launches.filter(\.isLive).compactMap(\.units).max() ?? 0)
    }

    package mutating func apply(_ event: NightEvent) throws(IllegalEvent) {
        guard finished == nil, event.sequence == sequence + 1 else { throw illegal(event) }
        switch event.kind {
        case .opened:
            throw illegal(event)
        case .decided(let decision):
            lastDecision = decision
        case .priced(let priced):
            guard let index = offers.firstIndex(where: { $0.offer == priced.offer }) else { throw illegal(event) }
            offers[index] = priced
        case .launchRequested(let order):
            guard order.epoch > launches.last?.order.epoch ?? 0 else { throw illegal(event) }
            launches.append(LaunchState(order: order))
        case .launchAnswered(let key, let outcome):
            try answer(key, outcome, event)
        case .machineRunning(let key, let since):
            try update(key, event) { $0.phase = .running(since: since) }
        case .trainingStarted(let key, let start):
            try update(key, event) { launch in
                if case .running(let since) = launch.phase { launch.phase = .training(start, since: since) }
            }
            if start.generation != durable?.generation {
                // An older generation than the newest was restored (the newer ones are not whole), or one that the
                // night had not heard of yet.
                durable = start.generation.map {
                    CommittedGeneration(generation: $0, units: start.units, bytes: 0, at: start.at)
                }
            }
        case .progressed(let key, let point):
            try update(key, event) { launch in
                launch.firstProgress = launch.firstProgress ?? point
                launch.progress = point
            }
        case .committed(let key, let generation):
            try update(key, event) { $0.lastCommit = generation }
            if generation.generation > durable?.generation ?? 0 { durable = generation }
        case .noticed(let key, let notice):
            try update(key, event) { $0.notice = notice }
        case .trainerFailed(let key, _):
            try update(key, event) { $0.trainerFailures += 1 }
        case .modelReady(_, let artifact):
            model = artifact
        case .stopRequested(let key, let reason):
            try update(key, event) { $0.stopRequested = reason }
        case .launchEnded(let key, let reason, let at, _):
            try end(key, reason, at, event)
        case .concluding(let outcome):
            guard concluding == nil else { throw illegal(event) }
            concluding = outcome
        case .finished(let outcome):
            guard liveLaunches.isEmpty else { throw illegal(event) }
            finished = outcome
        }
        sequence = event.sequence
        bill.apply(event)
    }

    private mutating func answer(_ key: String, _ outcome: LaunchOutcome, _ event: NightEvent) throws(IllegalEvent) {
        guard let index = launches.firstIndex(where: { $0.order.key == key && $0.phase == .requested }) else {
            throw illegal(event)
        }
        let offer = launches[index].order.offer
        switch outcome {
        case .launched:
            launches[index].phase = .accepted
            return
        case .noCapacity:
            refusedUntil[offer] = event.at + terms.retryInterval
        case .throttled:
            refusedUntil[offer] = event.at + terms.tick
        case .quota(let why), .refused(let why):
            refusedUntil[offer] = terms.end
            refusals.append(Refusal(offer: offer, why: why))
        }
        launches[index].phase = .ended(.stopped)
    }

    private mutating func end(
        _ key: String, _ reason: EndReason, _ at: Instant, _ event: NightEvent
    ) throws(IllegalEvent) {
        try update(key, event) { $0.phase = .ended(reason) }
        guard let launch = launches.first(where: { $0.order.key == key }) else { return }
        if let first = launch.firstProgress, let last = launch.progress { pace.observe(from: first, to: last) }
        // A pool that was just taken away is not asked again at once.
        if case .interrupted = reason { refusedUntil[launch.order.offer] = at + terms.retryInterval }
    }

    private mutating func update(
        _ key: String, _ event: NightEvent, _ change: (inout LaunchState) -> Void
    ) throws(IllegalEvent) {
        guard let index = launches.firstIndex(where: { $0.order.key == key && $0.isLive }) else {
            throw illegal(event)
        }
        change(&launches[index])
    }

    private func illegal(_ event: NightEvent) -> IllegalEvent {
        let keys = liveLaunches.map(\.order.key).joined(separator: ", ")
        return IllegalEvent(
            event: event,
            state: "event \(sequence), live launches [\(keys)], concluding \(concluding != nil), finished \(finished != nil)")
    }
}

/// An event that cannot follow what came before it: the journal is damaged or there is a bug.
package struct IllegalEvent: Error, CustomStringConvertible {
    package var event: NightEvent
    package var state: String

    package var description: String { "event \(event.sequence) (\(event.kind)) is impossible after \(state)" }
}
