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

    /// One may be bad luck. So many in a row are the job's or the platform's fault, and the next one would die as well.
    private static let stillbornLimit = 5

    package let terms: NightTerms
    /// The place of each offer among those of its kind when the night opened.
    let poolNumbers: [Offer: Int]
    package private(set) var sequence: Int
    package private(set) var offers: [PricedOffer]
    /// In order of request. A launch leaves with its refusal or its end; what it cost stays in the bill.
    package private(set) var liveLaunches: [LaunchState] = []
    package private(set) var lastEpoch = 0
    /// The newest committed generation that a machine could restore.
    package private(set) var durable: CommittedGeneration?
    package private(set) var pace: Pace
    package private(set) var bill = Bill()
    package private(set) var refusedUntil: [Offer: Instant] = [:]
    /// Since when an offer has been as it is now, with capacity or without; one that is not in it has never been seen to
    /// change.
    package private(set) var poolsSeen: [Offer: Instant] = [:]
    /// When an offer was last seen without capacity; gone once it has been seen with some.
    private var lastEmpty: [Offer: Instant] = [:]
    package private(set) var refusals: [Refusal] = []
    package private(set) var lastDecision: Decision?
    package private(set) var model: ModelArtifact?
    /// The launch that made it.
    package private(set) var modelMaker: LaunchOrder?
    package private(set) var lineage = ModelLineage()
    package private(set) var publication: PublicationOrder?
    package private(set) var publicationAnswer: PublicationAnswer?
    /// A machine ended for a reason that another machine would meet again.
    package private(set) var failure: FailureReason?
    /// A tripwire ended a stay, and with it the night.
    package private(set) var isTripped = false
    package private(set) var concluding: NightOutcome?
    package private(set) var finished: NightOutcome?
    /// Machines in a row that died without a word before they trained.
    private var stillborn = 0
    /// The highest epoch that has started to train: whatever a lower one commits now, it is fenced off.
    private var trainedEpoch = 0

    /// The first event of a night must be `opened`, with sequence number 1.
    package init(opening event: NightEvent) throws(IllegalEvent) {
        guard case .opened(let terms) = event.kind, event.sequence == 1 else {
            throw IllegalEvent(event: event, state: "a night that has not been opened")
        }
        self.terms = terms
        sequence = 1
        offers = terms.offers
        let (spot, onDemand) = (terms.pools(.spot), terms.pools(.onDemand))
        poolNumbers = Dictionary(
            (Array(spot.enumerated()) + Array(onDemand.enumerated())).map { ($1.offer, $0) },
            uniquingKeysWith: { first, _ in first })
        pace = Pace(totalUnits: terms.totalUnits, expectedRuntime: terms.expectedRuntime)
        bill.apply(event)
    }

    /// The machine that was chosen last and still lives; an older one may run beside it until it trains.
    package var current: LaunchState? { liveLaunches.last { $0.stopRequested == nil } }

    package var durableUnits: Double { durable?.units ?? 0 }

    /// The best progress on any live machine, or what is durable.
    package var units: Double { liveLaunches.reduce(durableUnits) { max($0, $1.units ?? 0) } }

    /// The answer to a publication is waited for.
    package var isPublishing: Bool { publication != nil && publicationAnswer == nil }

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
            guard order.epoch > lastEpoch, concluding == nil else { throw illegal(event) }
            lastEpoch = order.epoch
            liveLaunches.append(LaunchState(order: order))
        case .launchAnswered(let key, let outcome):
            try answer(key, outcome, event)
        case .machineRunning(let key, let since):
            try update(key, event) { $0.phase = .running(since: since) }
            // A launch that was taken back by its platform, and now has a machine again, shows that there is capacity.
            saw(liveLaunches[try index(of: key, event)].order.offer, empty: false, at: since)
        case .waitingAgain(let key, let since):
            try taken(key, since, event)
        case .trainingStarted(let key, let start):
            try train(key, start, event)
        case .progressed(let key, let point):
            try update(key, event) { launch in
                launch.firstProgress = launch.firstProgress ?? point
                launch.progress = point
                launch.paceFrom = launch.paceFrom ?? point
            }
        case .committed(let key, let generation):
            try update(key, event) { $0.lastCommit = generation }
            lineage.committed(key, generation.generation)
            // News of a fenced machine may come late: its successor has restored the newest generation that is whole.
            if generation.generation > durable?.generation ?? 0, epoch(of: key) >= trainedEpoch { durable = generation }
        case .noticed(let key, let notice):
            try update(key, event) { $0.notice = notice }
        case .trainerFailed(let key, _):
            try update(key, event) { $0.trainerFailures += 1 }
        case .alarmed(let key, let alarm):
            try alarmed(key, alarm, event)
        case .modelReady(let key, let artifact):
            modelMaker = liveLaunches.first { $0.order.key == key }?.order
            model = artifact
        case .stopRequested(let key, let reason):
            try update(key, event) { $0.stopRequested = reason }
        case .launchEnded(let key, let reason, let at, _):
            try end(key, reason, at, event)
        case .publicationRequested(let order):
            guard model == order.model, publication == nil else { throw illegal(event) }
            publication = order
        case .publicationAnswered(let answer):
            guard isPublishing else { throw illegal(event) }
            publicationAnswer = answer
        case .concluding(let outcome):
            guard concluding == nil else { throw illegal(event) }
            concluding = outcome
        case .finished(let outcome):
            guard liveLaunches.isEmpty, concluding != nil, !isPublishing else { throw illegal(event) }
            finished = outcome
        }
        sequence = event.sequence
        bill.apply(event)
    }

    private mutating func answer(_ key: String, _ outcome: LaunchOutcome, _ event: NightEvent) throws(IllegalEvent) {
        let index = try index(of: key, event)
        guard liveLaunches[index].phase == .requested else { throw illegal(event) }
        let offer = liveLaunches[index].order.offer
        switch outcome {
        case .launched:
            liveLaunches[index].phase = .accepted
            saw(offer, empty: false, at: event.at)
            return
        case .noCapacity:
            saw(offer, empty: true, at: event.at)
            refusedUntil[offer] = event.at + terms.retryInterval
        case .throttled:
            refusedUntil[offer] = event.at + terms.tick
        case .quota(let why), .refused(let why):
            refusedUntil[offer] = terms.end
            refusals.append(Refusal(offer: offer, why: why))
        }
        liveLaunches.remove(at: index)
    }

    private mutating func train(_ key: String, _ start: TrainingStart, _ event: NightEvent) throws(IllegalEvent) {
        let index = try index(of: key, event)
        guard let since = liveLaunches[index].runningSince else { throw illegal(event) }
        lineage.trainingStarted(key, on: liveLaunches[index].order.offer, start)
        liveLaunches[index].phase = .training(start, since: since)
        liveLaunches[index].progress = nil
        liveLaunches[index].paceFrom = nil
        stillborn = 0
        let epoch = liveLaunches[index].order.epoch
        guard epoch >= trainedEpoch else { return }
        trainedEpoch = epoch
        if start.generation != durable?.generation {
            // An older generation than the newest was restored (the newer ones are not whole), or one that the night
            // had not heard of yet.
            durable = start.generation.map {
                CommittedGeneration(generation: $0, units: start.units, bytes: 0, at: start.at)
            }
        }
    }

    /// The platform has the launch again, and what was not durable is lost with the machine.
    private mutating func taken(_ key: String, _ since: Instant, _ event: NightEvent) throws(IllegalEvent) {
        let index = try index(of: key, event)
        let launch = liveLaunches[index]
        guard launch.runningSince != nil else { throw illegal(event) }
        if let first = launch.paceFrom, let last = launch.progress { pace.observe(from: first, to: last) }
        liveLaunches[index].phase = .accepted
        liveLaunches[index].progress = nil
        liveLaunches[index].paceFrom = nil
        liveLaunches[index].notice = nil
        saw(launch.order.offer, empty: true, at: since)
    }

    private mutating func alarmed(_ key: String, _ alarm: Alarm, _ event: NightEvent) throws(IllegalEvent) {
        let index = try index(of: key, event)
        liveLaunches[index].alarms += 1
        guard case .restarted = alarm.action else { return }
        if let first = liveLaunches[index].paceFrom, let last = liveLaunches[index].progress {
            pace.observe(from: first, to: last)
        }
        liveLaunches[index].paceFrom = nil
    }

    private mutating func end(
        _ key: String, _ reason: EndReason, _ at: Instant, _ event: NightEvent
    ) throws(IllegalEvent) {
        let launch = liveLaunches.remove(at: try index(of: key, event))
        if let first = launch.paceFrom, let last = launch.progress { pace.observe(from: first, to: last) }
        switch reason {
        case .trainingFailed(let why): failure = .training(why)
        case .checkpointsLost(let why): failure = .checkpointsLost(why)
        case .tripped: isTripped = true
        case .lost where !launch.isTraining:
            stillborn += 1
            if stillborn == Self.stillbornLimit {
                failure = .training("\(stillborn) machines in a row died without a word before training began")
            }
        case .completed, .interrupted, .stopped, .leaseExpired, .fenced, .noCapacity, .lost: break
        }
        // A pool that was just taken away, or a machine that died, is not asked again at once; on-demand is left alone
        // for a look only, since the deadline may hang on it.
        if launch.stopRequested == nil, reason != .completed {
            let offer = launch.order.offer
            saw(offer, empty: true, at: at)
            refusedUntil[offer] = at + (offer.purchase == .spot ? terms.retryInterval : terms.tick)
        }
    }

    private mutating func saw(_ offer: Offer, empty: Bool, at instant: Instant) {
        if empty {
            if lastEmpty[offer] == nil { poolsSeen[offer] = instant }
            lastEmpty[offer] = instant
        } else if let returned = returned(offer, seenAt: instant) {
            poolsSeen[offer] = returned
            lastEmpty[offer] = nil
        }
    }

    /// When capacity that is seen, or supposed, at an instant came back: halfway since it was last seen missing. `nil`
    /// where it was not missing.
    package func returned(_ offer: Offer, seenAt instant: Instant) -> Instant? {
        lastEmpty[offer].map { $0 + (max($0, instant) - $0) / 2 }
    }

    private func index(of key: String, _ event: NightEvent) throws(IllegalEvent) -> Int {
        guard let index = liveLaunches.firstIndex(where: { $0.order.key == key }) else { throw illegal(event) }
        return index
    }

    private func epoch(of key: String) -> Int { liveLaunches.first { $0.order.key == key }?.order.epoch ?? 0 }

    private mutating func update(
        _ key: String, _ event: NightEvent, _ change: (inout LaunchState) -> Void
    ) throws(IllegalEvent) {
        change(&liveLaunches[try index(of: key, event)])
    }

    private func illegal(_ event: NightEvent) -> IllegalEvent {
        let keys = liveLaunches.map(\.order.key).joined(separator: ", ")
        return IllegalEvent(
            event: event,
            state:
                "event \(sequence), live launches [\(keys)], concluding \(concluding != nil), finished \(finished != nil)"
        )
    }
}

/// An event that cannot follow what came before it: the journal is damaged or there is a bug.
package struct IllegalEvent: Error, CustomStringConvertible {
    package var event: NightEvent
    package var state: String

    package var description: String { "event \(event.sequence) (\(event.kind)) is impossible after \(state)" }
}
