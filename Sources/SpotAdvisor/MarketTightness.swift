// SPDX-License-Identifier: Apache-2.0

package import SpotMarket
import TrainingJobs

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How a pool gets tighter or looser as a whole from one period to the next, and how much of what befalls it befalls
/// the other pools of its region.
///
/// In a period that is more generous by *g*, recoveries are e^*g* times and losses e^−*g* times as frequent as the fit
/// says.
package struct MarketTightness: Hashable, Sendable {
    /// The standard deviation of *g* between the time of the fit and the time that is forecast.
    package var spread: Double
    /// The correlation of the normal values behind two pools of one region: of *g*, of whether they are up when a night
    /// begins, and of how much longer.
    package var shared: Double

    package init(spread: Double, shared: Double) {
        precondition(spread >= 0 && shared >= 0 && shared < 1, "tightness of \(spread), \(shared) of it shared")
        self.spread = spread
        self.shared = shared
    }

    /// As the first halves of fifteen public traces and of the seven pairs of zones among them have it
    /// (`docs/calibration.md`).
    package static let measured = MarketTightness(spread: 0.2, shared: 0.64)

    /// As the first halves of some traces have it. Without traces nothing varies, without pairs nothing is shared.
    package init(drifts: [Drift], correlations: [Double]) {
        let square = drifts.reduce(0) { $0 + $1.size * $1.size - $1.counting } / Double(max(1, drifts.count))
        self.init(
            spread: max(0, square).squareRoot(),
            shared: min(0.99, max(0, correlations.reduce(0, +) / Double(max(1, correlations.count)))))
    }

    /// How much more generous a trace's second quarter was than its first, with the variance that counting alone
    /// explains.
    package struct Drift: Hashable, Sendable {
        package let size: Double
        package let counting: Double

        package init(of trace: AvailabilityTrace) {
            let (half, quarter) = (trace.count / 2, trace.count / 4)
            func fits(_ range: Range<Int>) -> [HazardFit] {
                let spells = trace.part(range).spells
                return [.down, .up].map { side in HazardFit(spells.filter { $0.side == side }) }
            }
            func generous(_ fits: [HazardFit]) -> Double {
                func level(_ fit: HazardFit) -> Double { log((Double(fit.ends) + 0.5) / (fit.expectedEnds + 0.5)) }
                return (level(fits[0]) - level(fits[1])) / 2
            }
            let (first, second) = (fits(0..<quarter), fits(quarter..<half))
            counting = (first + second).reduce(0) { $0 + 1 / (Double($1.ends) + 0.5) } / 4
            size = generous(second) - generous(first)
        }
    }

    /// Tetrachoric, of being up in the same tick of the first half. Both traces are of one time and tick; `nil` where one
    /// is never or always up.
    package static func correlation(_ one: AvailabilityTrace, _ other: AvailabilityTrace) -> Double? {
        let ticks = min(one.count, other.count) / 2
        guard ticks > 0 else { return nil }
        func share(_ holds: (Int) -> Bool) -> Double { Double((0..<ticks).count(where: holds)) / Double(ticks) }
        return NormalDistribution.correlation(
            share { one[$0] }, share { other[$0] }, both: share { one[$0] && other[$0] })
    }
}
