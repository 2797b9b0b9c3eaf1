// SPDX-License-Identifier: Apache-2.0

package import CapacityBackends
package import NightEngine
package import PublishedModels
package import TrainingJobs

/// Drives one night for real: tells `Night` what the backend shows, makes its events durable, then acts.
///
/// It may die at any instruction. The next one replays the journal, looks at what exists, repeats what may not have
/// been done, and goes on.
package struct NightRunner: Sendable {
    /// Told after each step that recorded something, and after each look. It runs beside the steering: one that is slow
    /// or stuck (a stopped terminal) holds nothing up.
    package typealias Observer = @Sendable (NightState, [NightEvent], Instant) async -> Void
    package typealias Warn = @Sendable (RunnerWarning) async -> Void

    private let journal: Journal
    private let backend: any CapacityBackend
    private let publisher: any ModelPublishing
    private let clock: any NightClock
    private let observer: Observer
    private let warn: Warn

    package init(
        journal: Journal, backend: any CapacityBackend, publisher: any ModelPublishing, clock: any NightClock,
        observer: @escaping Observer, warn: @escaping Warn
    ) {
        self.journal = journal
        self.backend = backend
        self.publisher = publisher
        self.clock = clock
        self.observer = observer
        self.warn = warn
    }

    /// Steers a recorded night to its end. The caller holds its lease. Cancelling stops the steering, not the night.
    ///
    /// Throws when the journal fails: what cannot be recorded is not done. The backend may fail as it likes.
    package func run(_ night: String) async throws -> NightOutcome {
        let events = try journal.events(of: night)
        guard !events.isEmpty else { throw JournalError.noSuchNight(night) }
        let (news, feed) = AsyncStream<News>.makeStream()
        async let told: Void = tell(news)
        var steering = Steering(
            night: try Night(replaying: events), journal: journal, backend: backend, publisher: publisher, clock: clock,
            feed: feed)
        let result: Result<NightOutcome, any Error>
        do { result = .success(try await steering.toTheEnd()) } catch { result = .failure(error) }
        feed.finish()
        await told
        return try result.get()
    }

    private func tell(_ news: AsyncStream<News>) async {
        for await item in news {
            switch item {
            case .step(let state, let events, let now): await observer(state, events, now)
            case .warning(let warning): await warn(warning)
            }
        }
    }
}

/// What the steering has to tell, in order.
enum News: Sendable {
    case step(NightState, [NightEvent], Instant)
    case warning(RunnerWarning)
}
