// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// The life of one night as a pure value: it is told what happens and answers with events to record and actions to
/// take, in that order. It never reads a clock, a file or a network.
///
/// The live runner and every simulation drive this same value.
package struct Night: Sendable {
    package private(set) var state: NightState
    private let net: SafetyNet

    /// Opens a new night; the event must be recorded before anything else is done.
    ///
    /// `net` is the terms' own (`NightTerms.safetyNet`), which who plays many nights of one shape makes once.
    package static func open(
        _ terms: NightTerms, behind net: SafetyNet? = nil, at now: Instant
    ) throws(IllegalEvent) -> (Night, NightEvent) {
        let event = NightEvent(sequence: 1, at: now, kind: .opened(terms))
        return (try Night(replaying: [event], behind: net), event)
    }

    /// Continues from a journal.
    package init(replaying events: [NightEvent], behind net: SafetyNet? = nil) throws(IllegalEvent) {
        guard let first = events.first else {
            preconditionFailure("a night is replayed from at least its opening event")
        }
        var state = try NightState(opening: first)
        for event in events.dropFirst() { try state.apply(event) }
        self.state = state
        self.net = net ?? state.terms.safetyNet
    }

    package var outcome: NightOutcome? { state.finished }

    /// A launch or a publication without an answer, or a stop without an effect yet: to be asked for again, with the
    /// same content.
    package var hasUnfinishedOrders: Bool {
        state.isPublishing || state.liveLaunches.contains { $0.phase == .requested || $0.stopRequested != nil }
    }

    /// Takes in what happened and decides. Repeating an input that brought nothing new gives an empty step.
    ///
    /// Inputs may come in any order, late or twice; what no longer fits is no news. The shell must come back within a
    /// tick: the safety net counts on it. `now` may jump in either direction with the wall clock: deadlines are wall
    /// times, so a jump changes what is left, but never the order of the events.
    package mutating func handle(_ input: NightInput, at now: Instant) throws(IllegalEvent) -> NightStep {
        var step = NightStep()
        guard state.finished == nil else { return step }
        switch input {
        case .tick, .repeatUnfinished:
            break
        case .answered(let key, let outcome):
            // A picture may have told already that the launch was taken.
            if state.liveLaunches.contains(where: { $0.order.key == key && $0.phase == .requested }) {
                try record(.launchAnswered(key: key, outcome), at: now, in: &step)
            }
        case .observed(let pictures, let missing):
            try absorb(pictures, missing: missing, at: now, in: &step)
        case .priced(let quotes):
            for quote in quotes {
                // A newer date on the same price changes nothing that is bought.
                guard let known = state.offers.first(where: { $0.offer == quote.offer }), known.rate != quote.rate
                else { continue }
                try record(.priced(quote), at: now, in: &step)
            }
        case .published(let answer):
            try publicationAnswered(answer, at: now, in: &step)
        case .publicationFailed(let why, let inService):
            if now >= state.terms.end {
                try publicationAnswered(.failed(why, inService: inService), at: now, in: &step)
            }
        case .stopOrdered:
            try conclude(.keptPrevious(.stoppedByPerson), at: now, in: &step)
            if let action = publicationAction { step.actions.append(action) }
        }
        try advance(at: now, in: &step)
        if input == .repeatUnfinished { reissue(in: &step) }
        return step
    }

    mutating func record(
        _ kind: NightEvent.Kind, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        let event = NightEvent(sequence: state.sequence + 1, at: now, kind: kind)
        try state.apply(event)
        step.events.append(event)
    }

    private mutating func conclude(
        _ outcome: NightOutcome, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        guard state.concluding == nil else { return }
        try record(.concluding(outcome), at: now, in: &step)
    }

    /// Limits first, then the decision; ends when nothing is left to do at this instant.
    private mutating func advance(at now: Instant, in step: inout NightStep) throws(IllegalEvent) {
        if state.model != nil {
            try stop(state.liveLaunches, because: state.concluding?.stopReason ?? .nightOver, at: now, in: &step)
            try orderPublication(at: now, in: &step)
            if state.isPublishing { return }
        }
        if state.concluding == nil, let outcome = verdictOfLimits(at: now) { try conclude(outcome, at: now, in: &step) }
        if let outcome = state.concluding {
            try stop(state.liveLaunches, because: outcome.stopReason, at: now, in: &step)
            guard state.liveLaunches.isEmpty else { return }
            // A machine that was told to stop may have finished its model all the same.
            try record(.finished(outcomeOfPublication ?? outcome), at: now, in: &step)
            return
        }
        try stopSuperseded(at: now, in: &step)
        let situation = situation(at: now)
        let verdict = net.verdict(in: situation.outlook)
        let choice = situation.choice(verdict.placement)
        // One launch at a time: the answer to the last one comes first. Only the deadline does not wait for an answer
        // about Spot that may never come.
        if let open = state.liveLaunches.first(where: \.isOpen),
            !(verdict.placement.isOnDemand && open.order.offer.purchase == .spot)
        {
            return
        }
        let last = state.lastDecision
        if choice != last?.choice || verdict.reason != last?.reason || verdict.lineStart != last?.lineStart {
            let appraisals = net.policy.appraisals(in: situation.outlook)
            try record(.decided(situation.decision(verdict, appraisals: appraisals)), at: now, in: &step)
        }
        switch choice {
        case .wait: try stop(state.liveLaunches, because: .notNeeded, at: now, in: &step)
        case .use(let offer): try use(offer, at: now, in: &step)
        }
    }

    private mutating func use(_ offer: Offer, at now: Instant, in step: inout NightStep) throws(IllegalEvent) {
        let live = state.liveLaunches
        if let kept = live.last(where: { $0.stopRequested == nil && $0.order.offer == offer }) {
            // It is there already, and what was asked for after it is given up. Not one that runs, for Spot: it may have
            // fenced the older one off by now.
            let newer = live.filter { $0.order.epoch > kept.order.epoch && $0.stopRequested == nil }
            guard offer.purchase == .onDemand || newer.allSatisfy({ $0.runningSince == nil }) else { return }
            try stop(newer, because: .notNeeded, at: now, in: &step)
            return
        }
        guard let rate = state.offers.first(where: { $0.offer == offer })?.rate else { return }
        // A move is two machines at most: the one that runs and the one that takes over. For Spot one whose stop has no
        // effect yet counts. On-demand does not wait for that: the deadline may hang on it.
        if offer.purchase == .spot {
            guard live.count < 2, live.allSatisfy({ $0.stopRequested == nil }) else { return }
            try stop(live.filter(\.isOpen), because: .superseded, at: now, in: &step)
        } else {
            let mayOverlap = limitsAllowOverlap(with: rate, at: now)
            let kept = mayOverlap ? live.last { $0.stopRequested == nil && $0.isTraining } : nil
            try stop(
                live.filter { $0.isOpen || ($0.order.key != kept?.order.key && (live.count > 1 || !mayOverlap)) },
                because: .superseded,
                at: now, in: &step)
        }
        let order = launchOrder(offer, rate, at: now)
        try record(.launchRequested(order), at: now, in: &step)
        step.actions.append(.launch(order))
    }

    private func launchOrder(_ offer: Offer, _ rate: HourlyRate, at now: Instant) -> LaunchOrder {
        let epoch = state.lastEpoch + 1
        let runLeft = max(.zero, state.terms.maxRun - billedTime(at: now))
        return LaunchOrder(
            key: "\(state.terms.night)-a\(epoch)", night: state.terms.night, epoch: epoch, offer: offer, rate: rate,
            notAfter: min(state.terms.end, now + state.terms.onDemandWait + runLeft),
            expectedGeneration: state.durable?.generation, expectedLoss: state.durable?.loss)
    }

    func billedTime(at now: Instant) -> Duration {
        state.bill.lines.reduce(.zero) { $0 + $1.duration(at: now) }
    }
}

extension NightOutcome {
    fileprivate var stopReason: StopReason {
        switch self {
        case .completed, .failed: .nightOver
        case .keptPrevious(.budget): .budget
        case .keptPrevious(.maxRun): .maxRun
        case .keptPrevious(.outOfTime), .keptPrevious(.tripwire), .keptPrevious(.gate), .keptPrevious(.late),
            .keptPrevious(.notPublished):
            .nightOver
        case .keptPrevious(.stoppedByPerson): .person
        }
    }
}
