// SPDX-License-Identifier: Apache-2.0

package import CapacityBackends
package import NightEngine
package import TrainingJobs

/// Drives one night for real: tells `Night` what the backend shows, makes its events durable, then acts.
///
/// It may die at any instruction. The next one replays the journal, looks at what exists, repeats what may not have
/// been done, and goes on.
package struct NightRunner: Sendable {
    /// Told after each step that recorded something, and once a tick.
    package typealias Observer = @Sendable (NightState, [NightEvent], Instant) async -> Void

    private let journal: Journal
    private let backend: any CapacityBackend
    private let clock: any NightClock
    private let observer: Observer

    package init(journal: Journal, backend: any CapacityBackend, clock: any NightClock, observer: @escaping Observer) {
        self.journal = journal
        self.backend = backend
        self.clock = clock
        self.observer = observer
    }

    /// Steers a recorded night to its end. The caller holds its lease. Cancelling stops the steering, not the night.
    package func run(_ night: String) async throws -> NightOutcome {
        var value = try Night(replaying: try journal.events(of: night))
        await observer(value.state, [], clock.now())
        try await take(await observation(of: value), into: &value)
        try await take(.repeatUnfinished, into: &value)
        while value.outcome == nil {
            try Task.checkCancellation()
            let now = clock.now()
            // Several looks within a tick: the safety net counts on at least one.
            await clock.sleep(until: min(value.nextWake(after: now), now + value.state.terms.tick / 4))
            if try journal.isStopOrdered(of: night) { try await take(.stopOrdered, into: &value) }
            if let prices = try? await backend.prices(at: clock.now()) {  // unreachable: the last known prices stand
                try await take(.priced(prices), into: &value)
            }
            try await take(await observation(of: value), into: &value)
            if value.hasUnfinishedOrders { try await take(.repeatUnfinished, into: &value) }
            await observer(value.state, [], clock.now())
        }
        guard let outcome = value.outcome else { preconditionFailure("a night that ended without an outcome") }
        return outcome
    }

    /// Steps the night, records, then acts: a launch's answer is the next input, at once.
    private func take(_ input: NightInput, into night: inout Night) async throws {
        var inputs = [input]
        while !inputs.isEmpty {
            let step = try night.handle(inputs.removeFirst(), at: clock.now())
            let receipt = try journal.append(step.events, to: night.state.terms.night)
            if !step.events.isEmpty { await observer(night.state, step.events, clock.now()) }
            for action in step.actions {
                if let answer = await perform(action, recorded: receipt) { inputs.append(answer) }
            }
        }
    }

    /// Asking for the receipt is what keeps the order: nothing is done before it is recorded.
    private func perform(_ action: NightStep.Action, recorded: Journal.Receipt) async -> NightInput? {
        switch action {
        case .launch(let order):
            // An unclear answer is none: the launch stays unanswered and is asked for again, under the same key.
            guard let outcome = try? await backend.launch(order) else { return nil }
            return .answered(key: order.key, outcome)
        case .stop(let key):
            // A stop that did not get through is repeated with the next look.
            try? await backend.stop(key)
            return nil
        }
    }

    /// What can be seen of the live launches; one that cannot be reached is left out.
    private func observation(of night: Night) async -> NightInput {
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
                continue  // unreachable is not dead
            }
        }
        return .observed(pictures, missing: missing)
    }
}
