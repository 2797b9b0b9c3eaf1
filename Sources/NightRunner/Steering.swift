// SPDX-License-Identifier: Apache-2.0

import CapacityBackends
import NightEngine
import PublishedModels
import TrainingJobs

/// The loop of one runner over one night.
struct Steering {
    /// Several looks within a tick: the safety net counts on at least one.
    private static let looksPerTick = 4
    /// Looks in a row without an answer after which a person is told: five ticks.
    private static let patience = 20

    private var night: Night
    private let journal: Journal
    private let backend: any CapacityBackend
    private let publisher: any ModelPublishing
    private let clock: any NightClock
    private let feed: AsyncStream<News>.Continuation
    private var pricedAt: Instant?
    /// The last thing that went wrong with the backend during this look.
    private var trouble: (any Error)?
    private var failedLooks = 0
    private var unreachableSince: Instant?
    private var publicationTrouble: String?

    init(
        night: Night, journal: Journal, backend: any CapacityBackend, publisher: any ModelPublishing,
        clock: any NightClock, feed: AsyncStream<News>.Continuation
    ) {
        self.night = night
        self.journal = journal
        self.backend = backend
        self.publisher = publisher
        self.clock = clock
        self.feed = feed
    }

    mutating func toTheEnd() async throws -> NightOutcome {
        feed.yield(.step(night.state, [], clock.now()))
        // Asked again when the night is over.
        do { try await stopLeftovers() } catch { trouble = error }
        try await look()
        while night.outcome == nil {
            await clock.sleep(for: night.state.terms.tick / Self.looksPerTick)
            try Task.checkCancellation()
            if try journal.isStopOrdered(of: night.state.terms.night) { try await take(.stopOrdered) }
            try await askPrices()
            try await look()
        }
        do {
            try await stopLeftovers()
        } catch {
            feed.yield(.warning(.unverified(why: String(describing: error))))
        }
        guard let outcome = night.outcome else { preconditionFailure("a night that ended without an outcome") }
        return outcome
    }

    private mutating func look() async throws {
        try await take(await observation())
        if night.hasUnfinishedOrders { try await take(.repeatUnfinished) }
        judgeReach()
        feed.yield(.step(night.state, [], clock.now()))
    }

    /// Once a tick. A backend that cannot say leaves the last known prices standing.
    private mutating func askPrices() async throws {
        let now = clock.now()
        if let pricedAt, now >= pricedAt, now - pricedAt < night.state.terms.tick { return }
        do {
            let prices = try await backend.prices(at: now)
            pricedAt = now
            try await take(.priced(prices))
        } catch let error as JournalError {
            throw error
        } catch let error as IllegalEvent {
            throw error
        } catch {
            trouble = error
        }
    }

    /// Steps the night, records, then acts: a launch's answer is the next input, at once.
    private mutating func take(_ input: NightInput) async throws {
        var inputs = [input]
        while !inputs.isEmpty {
            let step = try night.handle(inputs.removeFirst(), at: clock.now())
            let receipt = try journal.append(step.events, to: night.state.terms.night)
            if !step.events.isEmpty { feed.yield(.step(night.state, step.events, clock.now())) }
            for action in step.actions {
                if let answer = await perform(action, recorded: receipt) { inputs.append(answer) }
            }
        }
    }

    /// Asking for the receipt is what keeps the order: nothing is done before it is recorded.
    private mutating func perform(_ action: NightStep.Action, recorded: Journal.Receipt) async -> NightInput? {
        do {
            switch action {
            case .launch(let order): return .answered(key: order.key, try await backend.launch(order))
            case .stop(let key): try await backend.stop(key)
            case .publish(let order): return await answer { try await $0.publish(order) }
            case .withdraw(let order): return await answer { try await $0.withdraw(order) }
            }
        } catch {
            // An unclear answer is none: the launch stays unanswered and is asked for again, under the same key. A stop
            // that did not get through is repeated with the next look.
            trouble = error
        }
        return nil
    }

    /// A model that cannot be put into service now is tried again with the next look, until the night's end.
    private mutating func answer(
        _ publication: (any ModelPublishing) async throws -> PublicationAnswer?
    ) async -> NightInput? {
        do {
            guard let answer = try await publication(publisher) else { return nil }
            return .published(answer)
        } catch {
            let why = String(describing: error)
            if publicationTrouble != why { feed.yield(.warning(.publicationFailing(why: why))) }
            publicationTrouble = why
            // A pointer that cannot be read is part of the trouble that is told.
            return .publicationFailed(why, inService: try? await publisher.inService())
        }
    }

    /// What can be seen of the live launches; one that cannot be reached is left out.
    private mutating func observation() async -> NightInput {
        var pictures: [LaunchPicture] = []
        var missing: [String] = []
        for launch in night.state.liveLaunches {
            do {
                if let picture = try await backend.observe(launch.order.key) {
                    pictures.append(picture)
                } else {
                    missing.append(launch.order.key)
                }
            } catch {
                trouble = error  // unreachable is not dead
            }
        }
        return .observed(pictures, missing: missing)
    }

    /// Machines of this night that the journal does not count as live: there are none, unless the journal is a copy
    /// from earlier, or a launch took effect after the backend had denied it.
    private func stopLeftovers() async throws {
        let live = night.state.liveLaunches.map(\.order.key)
        for key in try await backend.findAll() where !live.contains(key) {
            guard let picture = try await backend.observe(key) else { continue }
            if case .ended = picture.state { continue }
            feed.yield(.warning(.leftover(key: key)))
            try await backend.stop(key)
        }
    }

    private mutating func judgeReach() {
        guard let trouble else {
            if failedLooks >= Self.patience, let since = unreachableSince {
                feed.yield(.warning(.reachableAgain(since: since)))
            }
            failedLooks = 0
            unreachableSince = nil
            return
        }
        self.trouble = nil
        if failedLooks == 0 { unreachableSince = clock.now() }
        failedLooks += 1
        if failedLooks == Self.patience, let since = unreachableSince {
            feed.yield(.warning(.unreachable(since: since, why: String(describing: trouble))))
        }
    }
}
