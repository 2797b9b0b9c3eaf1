// SPDX-License-Identifier: Apache-2.0

package import CapacityBackends
package import TrainingJobs

/// The law of `CapacityBackend`, for every body of it: a backend is finished when each rule gives no complaint.
///
/// A rule gets a fresh backend from `Site`, and branches on what the backend declares, never on its type.
package struct BackendConformance: Sendable {
    /// One fresh backend and the world around it.
    package struct Site: Sendable {
        package var backend: any CapacityBackend
        /// An order for this key that finds capacity and whose machine stays for an hour of the night at least.
        package var order: @Sendable (_ key: String, _ epoch: Int, _ notAfter: Duration) -> LaunchOrder
        package var now: @Sendable () -> Instant
        /// Lets about so much of the night pass; a live body may let more pass.
        package var pass: @Sendable (Duration) async throws -> Void

        package init(
            backend: any CapacityBackend,
            order: @escaping @Sendable (_ key: String, _ epoch: Int, _ notAfter: Duration) -> LaunchOrder,
            now: @escaping @Sendable () -> Instant, pass: @escaping @Sendable (Duration) async throws -> Void
        ) {
            self.backend = backend
            self.order = order
            self.now = now
            self.pass = pass
        }
    }

    package enum Rule: String, CaseIterable, Sendable {
        case unknownKeysAreNoError = "unknown keys are nil to observe and nothing to stop"
        case launchIsIdempotent = "a key launches once, however often it is asked"
        case launchedIsKnown = "what was launched is observed and found"
        case picturesAreWhole = "pictures are whole: a reader that missed some misses nothing"
        case stopIsIdempotent = "a stop ends a machine once; ended ones stay as they are"
        case leaseHolds = "a machine ends by its lease though nobody steers"
        case usageIsRunningTime = "billed time is running time, waiting is not"
        case pricesAreOfItsOffers = "prices are positive and say their date and source"
    }

    /// In what steps a rule waits, and how often, before it gives up.
    let step: Duration
    let patience: Int
    private let make: @Sendable () async throws -> Site

    package init(step: Duration, patience: Int, make: @escaping @Sendable () async throws -> Site) {
        self.step = step
        self.patience = patience
        self.make = make
    }

    /// What the backend does wrong by this rule; empty is a pass.
    package func complaints(about rule: Rule) async throws -> [String] {
        let site = try await make()
        var complaints = Complaints()
        switch rule {
        case .unknownKeysAreNoError: try await unknownKeys(site, &complaints)
        case .launchIsIdempotent: try await idempotentLaunch(site, &complaints)
        case .launchedIsKnown: try await known(site, &complaints)
        case .picturesAreWhole: try await wholePictures(site, &complaints)
        case .stopIsIdempotent: try await idempotentStop(site, &complaints)
        case .leaseHolds: try await lease(site, &complaints)
        case .usageIsRunningTime: try await usage(site, &complaints)
        case .pricesAreOfItsOffers: try await prices(site, &complaints)
        }
        // Leave nothing behind.
        for key in try await site.backend.findAll() { try await site.backend.stop(key) }
        return complaints.all
    }

    /// Waits until the picture of a key is as wanted; `nil` when it never is.
    func picture(
        of key: String, _ site: Site, until wanted: (LaunchPicture) -> Bool
    ) async throws -> LaunchPicture? {
        for _ in 0..<patience {
            if let picture = try await site.backend.observe(key), wanted(picture) { return picture }
            try await site.pass(step)
        }
        return nil
    }
}

struct Complaints {
    private(set) var all: [String] = []

    mutating func expect(_ holds: Bool, _ complaint: @autoclosure () -> String) {
        if !holds { all.append(complaint()) }
    }
}
