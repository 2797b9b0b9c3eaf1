// SPDX-License-Identifier: Apache-2.0

/// What happened in a night and when, as a fold over its events.
///
/// It keeps what was said; spans and totals are derived from it at an instant, in files beside this one. A live night
/// and a finished one are the same value.
package struct Timeline: Hashable, Sendable {
    package private(set) var terms: NightTerms?
    package private(set) var openedAt: Instant?
    /// Launches that were accepted or are not answered yet, in order of request.
    package private(set) var launches: [LaunchRecord] = []
    package private(set) var decisions: [RecordedDecision] = []
    /// In order of the journal.
    package private(set) var marks: [TimelineMark] = []
    /// Units over time, the best living machine's; falls to the restored units when that machine goes. Straight lines
    /// between the points, which never go back in time.
    package private(set) var progress: [ProgressPoint] = []
    /// Units in the newest committed generation: a staircase, each point holds until the next.
    package private(set) var durable: [ProgressPoint] = []
    package private(set) var newestGeneration: CommittedGeneration?
    package private(set) var model: ModelArtifact?
    /// The model is being checked and put into service, or has been.
    package private(set) var isPublicationRequested = false
    package private(set) var publication: PublicationAnswer?
    /// What the night will end as, while its last machines are being stopped.
    package private(set) var concluding: NightOutcome?
    package private(set) var outcome: NightOutcome?
    package private(set) var finishedAt: Instant?
    package private(set) var lastSequence = 0
    private var newestEpoch = 0

    package init() {}

    package init(_ events: some Sequence<NightEvent>) {
        for event in events { apply(event) }
    }

    package mutating func apply(_ event: NightEvent) {
        lastSequence = event.sequence
        switch event.kind {
        case .opened(let terms):
            self.terms = terms
            openedAt = event.at
            progress = [ProgressPoint(at: begin ?? event.at, units: 0)]
            durable = progress
        case .decided(let decision):
            decisions.append(RecordedDecision(sequence: event.sequence, at: event.at, decision: decision))
            mark(event, .decided(decision))
        case .priced(let offer):
            mark(event, .priced(offer))
        case .launchRequested(let order):
            guard !launches.contains(where: { $0.key == order.key }) else { break }
            launches.append(LaunchRecord(order: order, requestedAt: event.at))
        case .launchAnswered(let key, let outcome):
            answered(key, outcome, event)
        case .machineRunning(let key, let since):
            update(key) { $0.granted(since) }
        case .waitingAgain(let key, let since):
            guard let offer = launches.first(where: { $0.key == key })?.offer else { break }
            update(key) { $0.taken(at: since) }
            extend(to: since)
            mark(event, .ended(key: key, offer, .interrupted(noticed: false)), at: since)
        case .trainingStarted(let key, let start):
            update(key) { $0.began(start) }
            extend(to: start.at)
            mark(event, .training(key: key, start), at: start.at)
        case .progressed(let key, let point):
            update(key) { $0.progressed(point) }
            extend(to: point.at, slope: true)
        case .committed(let key, let generation):
            committed(key, generation)
            mark(event, .committed(key: key, generation), at: generation.at)
        case .noticed(let key, let notice):
            update(key) { $0.notice = notice }
            mark(event, .noticed(key: key, notice), at: notice.seenAt)
        case .trainerFailed(let key, let text):
            update(key) { $0.trainerFailures.append(text) }
            mark(event, .trainerFailed(key: key, text))
        case .alarmed(let key, let alarm):
            restarted(key, alarm)
            update(key) { $0.alarms.append(alarm) }
            mark(event, .alarmed(key: key, alarm), at: alarm.at)
        case .modelReady(let key, let model):
            self.model = model
            mark(event, .modelReady(key: key, model), at: model.at)
        case .stopRequested(let key, let reason):
            update(key) { $0.stop = LaunchRecord.Stop(at: event.at, reason: reason) }
        case .launchEnded(let key, let reason, let at, _):
            guard let offer = launches.first(where: { $0.key == key })?.offer else { break }
            update(key) { $0.end = LaunchRecord.End(at: at, reason: reason) }
            extend(to: at)
            mark(event, .ended(key: key, offer, reason), at: at)
        case .publicationRequested:
            isPublicationRequested = true
        case .publicationAnswered(let answer):
            publication = answer
            mark(event, .publication(answer))
        case .concluding(let outcome):
            concluding = outcome
        case .finished(let outcome):
            self.outcome = outcome
            finishedAt = event.at
            extend(to: event.at)
            mark(event, .finished(outcome))
        }
    }

    /// When the night's clock starts: its window, or later when it was opened late.
    package var begin: Instant? {
        guard let terms, let openedAt else { return nil }
        return max(terms.start, openedAt)
    }

    /// Units that count now: the best living machine's, else what is durable.
    package var units: Double {
        let living = launches.lazy.filter { $0.isRunning }.compactMap { $0.attempts.last?.reach }.max()
        return model == nil ? living ?? durableUnits : terms?.totalUnits ?? 0
    }

    /// Units inside the newest committed generation; all of them once the model is in place.
    package var durableUnits: Double {
        model == nil ? newestGeneration?.units ?? 0 : terms?.totalUnits ?? 0
    }

    private mutating func answered(_ key: String, _ outcome: LaunchOutcome, _ event: NightEvent) {
        guard let index = launches.firstIndex(where: { $0.key == key }) else { return }
        let offer = launches[index].offer
        if outcome == .launched {
            mark(event, .launched(key: key, offer), at: launches[index].requestedAt)
        } else {
            launches.remove(at: index)
            mark(event, .refused(key: key, offer, outcome))
        }
    }

    /// Training that a tripwire started again is an attempt of its own: what it repeats is work done twice.
    private mutating func restarted(_ key: String, _ alarm: Alarm) {
        guard case .restarted(let generation) = alarm.action, alarm.tripwire != .nothingToResume else { return }
        let held = newestGeneration.flatMap { $0.generation == generation ? $0.units : nil } ?? 0
        update(key) {
            $0.began(TrainingStart(at: alarm.at, generation: generation, units: held, passedOver: []))
        }
        extend(to: alarm.at)
    }

    /// A machine that was replaced may still commit until the first commit of its successor; after that it is fenced.
    private mutating func committed(_ key: String, _ generation: CommittedGeneration) {
        guard let epoch = launches.first(where: { $0.key == key })?.order.epoch, epoch >= newestEpoch else { return }
        newestEpoch = epoch
        newestGeneration = generation
        durable.append(
            ProgressPoint(at: max(generation.at, durable.last?.at ?? generation.at), units: generation.units))
    }

    /// Carries the progress curve on: along a slope when work was told, else flat and then up or down at once.
    private mutating func extend(to at: Instant, slope: Bool = false) {
        let at = max(at, progress.last?.at ?? at)
        if !slope, let last = progress.last, last.at < at {
            progress.append(ProgressPoint(at: at, units: last.units))
        }
        if progress.last != ProgressPoint(at: at, units: units) { progress.append(ProgressPoint(at: at, units: units)) }
    }

    private mutating func mark(_ event: NightEvent, _ kind: TimelineMark.Kind, at: Instant? = nil) {
        marks.append(TimelineMark(at: at ?? event.at, sequence: event.sequence, kind: kind))
    }

    private mutating func update(_ key: String, _ change: (inout LaunchRecord) -> Void) {
        guard let index = launches.firstIndex(where: { $0.key == key }) else { return }
        change(&launches[index])
    }
}

extension LaunchRecord {
    /// The same machine may be seen again; a later one under the same key is another attempt.
    fileprivate mutating func granted(_ since: Instant) {
        if attempts.last?.from != since { attempts.append(AttemptRecord(from: since)) }
    }

    fileprivate mutating func taken(at since: Instant) {
        guard let last = attempts.indices.last else { return }
        attempts[last].until = since
    }

    /// A second start without a new machine opens an attempt of its own: the platform restarted by itself.
    fileprivate mutating func began(_ start: TrainingStart) {
        if attempts.last?.training == start { return }
        if attempts.last.map({ $0.training != nil }) ?? true { attempts.append(AttemptRecord(from: start.at)) }
        attempts[attempts.count - 1].training = start
    }

    fileprivate mutating func progressed(_ point: ProgressPoint) {
        guard !attempts.isEmpty else { return }
        let last = attempts.count - 1
        if attempts[last].first == nil { attempts[last].first = point }
        attempts[last].newest = point
    }
}
