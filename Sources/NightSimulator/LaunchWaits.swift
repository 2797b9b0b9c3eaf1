// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
import TrainingJobs

/// How long on-demand launches wait, as a list of equally likely waits.
package struct LaunchWaits: Hashable, Sendable {
    private let waits: [Duration]
    /// More launches than this of one offer in one night repeat the last draw.
    private static let drawn = 16

    /// At least one wait.
    package init(_ waits: [Duration]) {
        precondition(!waits.isEmpty, "a distribution of nothing")
        self.waits = waits
    }

    /// The market with waits drawn for every on-demand offer, each from a stream of its own.
    package func draw(for market: Market, seed: UInt64) -> Market {
        var market = market
        for index in market.listings.indices where market.listings[index].offer.purchase == .onDemand {
            // Apart from the streams of the Spot offers, which step by the same odd number from the seed.
            var random = SplitMix64(seed: ~seed &- UInt64(index) &* 0x9e37_79b9_7f4a_7c15)
            market.listings[index].supply = .waits((0..<Self.drawn).map { _ in waits[random.below(waits.count)] })
        }
        return market
    }
}
