// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TrainingJobs

/// A backend whose every call has a time limit of its own: one that hangs must not keep the night from being looked at.
///
/// A call that took too long is not known: it is cancelled, and what it does after all is seen by the next look.
package struct TimedBackend: CapacityBackend {
    package struct TookTooLong: Error, CustomStringConvertible {
        package var call: String
        package var limit: Duration
        package var description: String { "\(call) gave no answer within \(limit.components.seconds) s" }
    }

    private let backend: any CapacityBackend
    private let limit: Duration
    private let sleep: @Sendable (Duration) async -> Void

    /// `limit` is wall time.
    package init(
        _ backend: any CapacityBackend, limit: Duration,
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }  // cancelled: over
    ) {
        self.backend = backend
        self.limit = limit
        self.sleep = sleep
    }

    package var properties: BackendProperties { backend.properties }

    package func launch(_ order: LaunchOrder) async throws -> LaunchOutcome {
        try await timed("launch \(order.key)") { try await backend.launch(order) }
    }

    package func observe(_ key: String) async throws -> LaunchPicture? {
        try await timed("observe \(key)") { try await backend.observe(key) }
    }

    package func stop(_ key: String) async throws {
        try await timed("stop \(key)") { try await backend.stop(key) }
    }

    package func findAll() async throws -> [String] {
        try await timed("find all launches") { try await backend.findAll() }
    }

    package func prices(at now: Instant) async throws -> [PricedOffer] {
        try await timed("ask prices") { try await backend.prices(at: now) }
    }

    /// Not structured: a group would wait for a call that does not heed its cancellation.
    private func timed<Answer: Sendable>(
        _ name: String, _ call: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let first = First<Answer>()
        let work = Task {
            do { first.settle(.success(try await call())) } catch { first.settle(.failure(error)) }
        }
        let (limit, sleep) = (limit, sleep)
        let watch = Task {
            await sleep(limit)
            guard !Task.isCancelled else { return }
            work.cancel()
            first.settle(.failure(TookTooLong(call: name, limit: limit)))
        }
        defer { watch.cancel() }
        return try await withTaskCancellationHandler {
            try await first.value
        } onCancel: {
            work.cancel()
            first.settle(.failure(CancellationError()))
        }
    }
}

/// The first of several answers.
private final class First<Answer: Sendable>: Sendable {
    private struct State {
        var result: Result<Answer, any Error>?
        var waiting: CheckedContinuation<Answer, any Error>?
    }

    private let state = Mutex(State())

    func settle(_ result: Result<Answer, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Answer, any Error>? in
            guard state.result == nil else { return nil }
            state.result = result
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(with: result)
    }

    var value: Answer {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Answer, any Error>? in
                    if state.result == nil { state.waiting = continuation }
                    return state.result
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }
}
