// SPDX-License-Identifier: Apache-2.0

import CapacityBackends
package import NightRunner
package import NightSimulator
package import SpotMarket
import NightEngine
import Synchronization
package import TrainingJobs

/// One night with everything that outlives its runners: journal, world and clock. Runners live and die on it.
package struct RunnerBench: Sendable {
    package let terms: NightTerms
    package let journal: Journal
    package let backend: MemoryBackend
    package let clock: ManualNightClock
    package let shelf: MemoryShelf
    package let warnings = Collected<RunnerWarning>()
    /// Orders that reached the backend without an intent in the journal.
    package let unannounced = Collected<String>()

    package init(
        terms: NightTerms, market: Market, conditions: TrainingConditions, journal: Journal, job: TrainingJob,
        clock: ManualNightClock? = nil, shelf habits: MemoryShelf.Habits = MemoryShelf.Habits(),
        fault: @escaping @Sendable (MemoryBackend.Call, Instant) -> MemoryBackend.Fault? = { _, _ in nil }
    ) throws {
        self.terms = terms
        self.journal = journal
        self.clock = clock ?? ManualNightClock(terms.start)
        shelf = MemoryShelf(clock: self.clock, habits: habits)
        backend = MemoryBackend(
            terms: terms, market: market, conditions: conditions, clock: self.clock, fault: fault)
        let record = NightRecord(
            id: terms.night, date: "2026-11-24", job: job,
            clock: ClockScale(wallOrigin: terms.start, nightOrigin: terms.start, factor: 1), seed: nil)
        let (_, opening) = try Night.open(terms, at: self.clock.now())
        _ = try journal.open(record, with: opening)
    }

    /// One runner's life; `nil` when it was killed at the point for which `point` answered true.
    package func live(point: @escaping @Sendable () -> Bool = { false }) async throws -> NightOutcome? {
        let (lives, end) = AsyncStream<Result<NightOutcome?, any Error>>.makeStream()
        let (journal, unannounced, warnings, night) = (journal, unannounced, warnings, terms.night)
        let killing = KillingBackend(backend, point: point) {
            end.yield(.success(nil))
        } beforeLaunch: { order in
            let intents = try? journal.events(of: night).map(\.kind)  // a failure shows as a missing intent
            if intents?.contains(.launchRequested(order)) != true { unannounced.add(order.key) }
        }
        let publisher = KillingPublisher(publisher: shelf, pass: killing.pass) { order in
            let intents = try? journal.events(of: night).map(\.kind)  // a failure shows as a missing intent
            if intents?.contains(.publicationRequested(order)) != true { unannounced.add("the model of \(night)") }
        }
        let runner = NightRunner(journal: journal, backend: killing, publisher: publisher, clock: clock) { _, _, _ in
        } warn: {
            warnings.add($0)
        }
        Task {
            do { end.yield(.success(try await runner.run(night))) } catch { end.yield(.failure(error)) }
        }
        for await life in lives { return try life.get() }
        return nil
    }

    /// What is in service is what the night says, and it says so with the right code.
    private func pointerComplaints(_ events: [NightEvent]) async -> [String] {
        let isTonights = await shelf.latest == terms.night
        if case .completed? = events.outcome { return isTonights ? [] : ["completed, and another model is in service"] }
        return isTonights ? ["not completed, and tonight's model is in service"] : []
    }

    package func events() throws -> [NightEvent] { try journal.events(of: terms.night) }

    /// What must hold after every night, whatever happened to its runners.
    package func complaints() async throws -> [String] {
        var found = unannounced.all.map { "\($0) was launched without an intent" }
        let events = try events()
        let world = await backend.world
        found += world.nonsense
        found += await shelf.nonsense
        found += await pointerComplaints(events)
        guard case .finished? = events.last?.kind, let end = events.last?.at else { return found + ["not finished"] }
        found += world.live(at: clock.trueTime).map { "\($0) outlives the night" }
        let far = end + .hours(24)
        let (billed, charged) = (Bill(events).total(at: far), world.cost(at: far))
        if billed != charged { found.append("billed \(billed.dollars), charged \(charged.dollars)") }
        _ = try Night(replaying: events)
        return found
    }
}

/// Values that several tasks add to.
package final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    package init() {}

    package func add(_ value: Value) { values.withLock { $0.append(value) } }
    package var all: [Value] { values.withLock { $0 } }
}
