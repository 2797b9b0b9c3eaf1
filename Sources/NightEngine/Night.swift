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
    package static func open(_ terms: NightTerms, at now: Instant) throws(IllegalEvent) -> (Night, NightEvent) {
        let event = NightEvent(sequence: 1, at: now, kind: .opened(terms))
        return (try Night(replaying: [event]), event)
    }

    /// Continues from a journal.
    package init(replaying events: [NightEvent]) throws(IllegalEvent) {
        guard let first = events.first else {
            preconditionFailure("a night is replayed from at least its opening event")
        }
        var state = try NightState(opening: first)
        for event in events.dropFirst() { try state.apply(event) }
        self.state = state
        net = SafetyNet(state.terms.policy.policy)
    }

    package var outcome: NightOutcome? { state.finished }

    /// A launch without an answer, or a stop without an effect yet: to be asked for again, under the same key.
    package var hasUnfinishedOrders: Bool {
        hasUnansweredLaunch || state.liveLaunches.contains { $0.stopRequested != nil }
    }

    private var hasUnansweredLaunch: Bool { state.launches.contains { $0.phase == .requested } }

    /// The shell must come back at the latest then: the safety net counts on it.
    package func nextWake(after now: Instant) -> Instant { now + state.terms.tick }

    /// Takes in what happened and decides. Repeating an input that brought nothing new gives an empty step.
    package mutating func handle(_ input: NightInput, at now: Instant) throws(IllegalEvent) -> NightStep {
        var step = NightStep()
        guard state.finished == nil else { return step }
        switch input {
        case .tick:
            break
        case .answered(let key, let outcome):
            try record(.launchAnswered(key: key, outcome), at: now, in: &step)
        case .observed(let pictures, let missing):
            try absorb(pictures, missing: missing, at: now, in: &step)
        case .priced(let quotes):
            let known = state.offers
            for quote in quotes where known.contains(where: { $0.offer == quote.offer && $0 != quote }) {
                try record(.priced(quote), at: now, in: &step)
            }
        case .repeatUnfinished:
            reissue(in: &step)
        case .stopOrdered:
            try conclude(.keptPrevious(.stoppedByPerson), at: now, in: &step)
        }
        try advance(at: now, in: &step)
        return step
    }

    mutating func record(
        _ kind: NightEvent.Kind, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        let event = NightEvent(sequence: state.sequence + 1, at: now, kind: kind)
        try state.apply(event)
        step.events.append(event)
    }

    mutating func conclude(
        _ outcome: NightOutcome, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        guard state.concluding == nil else { return }
        try record(.concluding(outcome), at: now, in: &step)
    }

    /// Limits first, then the decision; ends when nothing is left to do at this instant.
    private mutating func advance(at now: Instant, in step: inout NightStep) throws(IllegalEvent) {
        if let outcome = verdictOfLimits(at: now) { try conclude(outcome, at: now, in: &step) }
        if let outcome = state.concluding {
            try stopAll(because: outcome.stopReason, at: now, in: &step)
            if state.liveLaunches.isEmpty { try record(.finished(outcome), at: now, in: &step) }
            return
        }
        try stopSuperseded(at: now, in: &step)
        // One launch at a time: the answer to the last one comes first.
        guard !hasUnansweredLaunch else { return }
        let situation = situation(at: now)
        let verdict = net.verdict(in: situation)
        let decision = Decision(
            choice: verdict.choice, reason: verdict.reason, alternatives: verdict.alternatives,
            slack: situation.slack, latestSafeSwitch: situation.latestSafeSwitch, workLeft: situation.workLeft,
            durableWorkLeft: situation.durableWorkLeft, spent: situation.spent)
        if decision.choice != state.lastDecision?.choice || decision.reason != state.lastDecision?.reason {
            try record(.decided(decision), at: now, in: &step)
        }
        try carryOut(verdict.choice, at: now, in: &step)
    }

    private mutating func carryOut(
        _ choice: Choice, at now: Instant, in step: inout NightStep
    ) throws(IllegalEvent) {
        switch choice {
        case .wait:
            try stopAll(because: .notNeeded, at: now, in: &step)
        case .use(let offer):
            let live = state.liveLaunches.filter { $0.stopRequested == nil }
            // A move is two machines at most: the one that runs and the one that takes over.
            guard state.current?.order.offer != offer, live.count < 2,
                let rate = state.offers.first(where: { $0.offer == offer })?.rate
            else { return }
            let order = launchOrder(offer, rate, at: now)
            try record(.launchRequested(order), at: now, in: &step)
            step.actions.append(.launch(order))
        }
    }

    private func launchOrder(_ offer: Offer, _ rate: HourlyRate, at now: Instant) -> LaunchOrder {
        let epoch = (state.launches.last?.order.epoch ?? 0) + 1
        let runLeft = max(.zero, state.terms.maxRun - billedTime(at: now))
        return LaunchOrder(
            key: "\(state.terms.night)-a\(epoch)", night: state.terms.night, epoch: epoch, offer: offer, rate: rate,
            notAfter: min(state.terms.end, now + state.terms.onDemandWait + runLeft),
            expectedGeneration: state.durable?.generation)
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
        case .keptPrevious(.outOfTime): .nightOver
        case .keptPrevious(.stoppedByPerson): .person
        }
    }
}
