// SPDX-License-Identifier: Apache-2.0

package import CapacityBackends
package import NightSimulator
package import SpotMarket
package import TrainingJobs

/// A capacity backend in memory, over a virtual world and a manual clock: a whole night passes in milliseconds.
package actor MemoryBackend: CapacityBackend {
    package enum Call: Hashable, Sendable {
        case launch(LaunchOrder)
        case observe(String)
        case stop(String)
        case findAll
        case prices
    }

    /// What may go wrong with one call.
    package enum Fault: Hashable, Sendable {
        /// It has no effect, and the caller does not know that.
        case failBefore
        /// It has its effect, and the caller does not know that.
        case failAfter
        /// It returns as if all were well and has no effect.
        case swallowed
        /// A launch is answered like this and has no effect.
        case answer(LaunchOutcome)
    }

    package struct Unreachable: Error, CustomStringConvertible {
        package var description: String { "no route to the cloud" }
    }

    package nonisolated let properties = BackendProperties(
        restartsByItself: false, agentSavesCheckpoints: true, canInjectInterruption: false)
    package private(set) var world: SimulatedWorld
    private let offers: [Offer]
    private let clock: ManualNightClock
    private let fault: @Sendable (Call, Instant) -> Fault?

    /// `fault` is asked at each call with true time.
    package init(
        terms: NightTerms, market: Market, conditions: TrainingConditions, clock: ManualNightClock,
        fault: @escaping @Sendable (Call, Instant) -> Fault? = { _, _ in nil }
    ) {
        world = SimulatedWorld(terms: terms, market: market, conditions: conditions)
        offers = market.listings.map(\.offer)
        self.clock = clock
        self.fault = fault
    }

    package func launch(_ order: LaunchOrder) async throws -> LaunchOutcome {
        switch fault(.launch(order), clock.trueTime) {
        case .answer(let outcome): return outcome
        case .failBefore: throw Unreachable()
        case .failAfter:
            _ = world.launch(order, at: clock.trueTime)
            throw Unreachable()
        case .swallowed, nil: return world.launch(order, at: clock.trueTime)
        }
    }

    package func observe(_ key: String) async throws -> LaunchPicture? {
        if fault(.observe(key), clock.trueTime) != nil { throw Unreachable() }
        return world.pictures(of: [key], at: clock.trueTime).first
    }

    package func stop(_ key: String) async throws {
        switch fault(.stop(key), clock.trueTime) {
        case .failBefore: throw Unreachable()
        case .failAfter:
            world.stop(key, at: clock.trueTime)
            throw Unreachable()
        case .swallowed, .answer: return
        case nil: world.stop(key, at: clock.trueTime)
        }
    }

    package func findAll() async throws -> [String] {
        if fault(.findAll, clock.trueTime) != nil { throw Unreachable() }
        return world.keys
    }

    package func prices(at now: Instant) async throws -> [PricedOffer] {
        if fault(.prices, clock.trueTime) != nil { throw Unreachable() }
        return offers.compactMap { world.price(of: $0, at: clock.trueTime) }
    }
}
