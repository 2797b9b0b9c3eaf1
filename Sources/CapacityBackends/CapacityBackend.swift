// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Turns a night's orders into machines: launches, observes, stops, and finds again what it launched. It decides
/// nothing.
///
/// An error thrown means "not known": the backend could not be reached, or its answer was unclear. Nothing may be
/// concluded from it: unreachable is not dead.
///
/// Each call returns or throws within seconds: the night is not looked at meanwhile. `BackendConformance` holds every
/// backend to what is said here.
package protocol CapacityBackend: Sendable {
    var properties: BackendProperties { get }

    /// Asks for one machine. May be repeated with the same order: a machine of that key is created once, and the answer
    /// is then `launched`. When it returns `launched`, `observe` and `findAll` know the key. Any other answer is sure
    /// that no machine of that key exists or will. After an error either may be true.
    func launch(_ order: LaunchOrder) async throws -> LaunchOutcome

    /// The whole present picture of a launch, or `nil` when the backend is sure that it never took one of that key.
    func observe(_ key: String) async throws -> LaunchPicture?

    /// Asks a machine to end; it is over when `observe` says so, which may take as long as an interruption notice
    /// gives. May be repeated; a machine that has ended, or never existed, is no error and stays as it is.
    func stop(_ key: String) async throws

    /// The keys of everything of this night that was ever launched here, ended or not, in order.
    func findAll() async throws -> [String]

    /// Present prices of the offers that this backend sells; an offer without a price is left out.
    func prices(at now: Instant) async throws -> [PricedOffer]
}

/// What a backend is like, so that nobody has to ask for its type.
package struct BackendProperties: Hashable, Sendable {
    /// The platform itself starts an interrupted launch again.
    package var restartsByItself: Bool
    /// Our agent commits checkpoints; otherwise the platform copies files, unverified.
    package var agentSavesCheckpoints: Bool
    package var canInjectInterruption: Bool

    package init(restartsByItself: Bool, agentSavesCheckpoints: Bool, canInjectInterruption: Bool) {
        self.restartsByItself = restartsByItself
        self.agentSavesCheckpoints = agentSavesCheckpoints
        self.canInjectInterruption = canInjectInterruption
    }
}
