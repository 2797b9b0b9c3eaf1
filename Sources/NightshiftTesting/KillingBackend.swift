// SPDX-License-Identifier: Apache-2.0

package import CapacityBackends
package import TrainingJobs

/// Numbers what a runner does and kills it at one of these points.
///
/// A runner's effects are its calls to the backend and what it appends to the journal. Between two appends there is
/// always a call, so before and after each call is before and after each effect. The killed runner never gets its
/// answer: it stands still for ever, as a dead process does.
package struct KillingBackend: CapacityBackend {
    private let backend: any CapacityBackend
    private let point: @Sendable () -> Bool
    private let killed: @Sendable () -> Void
    private let beforeLaunch: @Sendable (LaunchOrder) -> Void

    /// `point` is called at each point in turn; the one for which it answers true is the last. `beforeLaunch` sees every
    /// order just before the backend does.
    package init(
        _ backend: any CapacityBackend, point: @escaping @Sendable () -> Bool,
        killed: @escaping @Sendable () -> Void, beforeLaunch: @escaping @Sendable (LaunchOrder) -> Void
    ) {
        self.backend = backend
        self.point = point
        self.killed = killed
        self.beforeLaunch = beforeLaunch
    }

    package var properties: BackendProperties { backend.properties }

    package func launch(_ order: LaunchOrder) async throws -> LaunchOutcome {
        try await guarded {
            beforeLaunch(order)
            return try await backend.launch(order)
        }
    }

    package func observe(_ key: String) async throws -> LaunchPicture? {
        try await guarded { try await backend.observe(key) }
    }

    package func stop(_ key: String) async throws { try await guarded { try await backend.stop(key) } }

    package func findAll() async throws -> [String] { try await guarded { try await backend.findAll() } }

    package func prices(at now: Instant) async throws -> [PricedOffer] {
        try await guarded { try await backend.prices(at: now) }
    }

    private func guarded<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
        await pass()
        let answer = try await call()
        await pass()
        return answer
    }

    /// For what a runner asks of others than the backend.
    func pass() async {
        guard point() else { return }
        killed()
        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
    }
}
