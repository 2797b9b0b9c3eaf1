// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
package import SpotMarket
package import TrainingJobs

/// A simulated night under an adversary's hand, and what tests ask of it.
package struct VirtualNight {
    private let night: SimulatedNight

    package var events: [NightEvent] { night.events }
    package var outcome: NightOutcome? { night.outcome }
    package var leftBehind: [String] { night.leftBehind }

    /// `pause` says how long the shell waits before its next look, given the longest that it may.
    package init(
        terms: NightTerms, market: Market, conditions: TrainingConditions,
        pause: (_ longest: Duration) -> Duration = { $0 }
    ) throws {
        night = try SimulatedNight(terms: terms, market: market, conditions: conditions, pause: pause)
    }
}
