// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
import NightEngine
package import SpotMarket
import TrainingJobs

/// One forecast, and the nights that then came.
package struct CalibrationCase: Sendable {
    package var trace: String
    /// A name for the night's shape.
    package var shape: String
    package var forecast: NightForecast
    /// What the same policy came to in the nights that came.
    package var nights: [NightForecast.Sample]
    /// Between what the share of those nights that are on time on Spot alone should lie, in four of five cases: the
    /// tenth and the ninetieth percentile in markets as long as the one that came.
    package var shares: ClosedRange<Double>

    package init(
        trace: String, shape: String, forecast: NightForecast, nights: [NightForecast.Sample],
        shares: ClosedRange<Double>
    ) {
        self.trace = trace
        self.shape = shape
        self.forecast = forecast
        self.nights = nights
        self.shares = shares
    }
}

/// Forecasts held against what came, on traces of which they have seen one half.
package struct CalibrationStudy: Sendable {
    /// Nights of the second half; they overlap where the half holds fewer.
    package static let nights = 60
    package static let draws = 2000
    /// Markets as long as the second half.
    package static let markets = 300

    private let trace: AvailabilityTrace
    private let fit: PoolFit

    /// Fits the pool on the trace's first half, as `market fit` would.
    package init(_ trace: AvailabilityTrace, _ pool: MarketPool) {
        self.trace = trace
        var fitter = MarketFitter()
        fitter.add(trace.part(0..<trace.count / 2), of: pool)
        fit = fitter.fits[0]
    }

    /// The night must have one zone and the trace's tick. `nil` when the second half holds no such night.
    package func result(
        _ night: TickNight, shape: String
    ) -> CalibrationCase? {
        let length = night.deadlineTicks + 2
        let first = trace.count / 2
        let span = trace.count - length - first
        guard span >= 0 else { return nil }
        let starts = (0..<Self.nights).map { span * $0 / (Self.nights - 1) }
        let zones = [(first..<trace.count).map { trace[$0] }]
        let policy = PolicyName.nightshift.policy(for: night.outlook(wholeTicks: true), believing: [fit.model])
        var simulator = TickSimulator(night, .net(SafetyNet(policy)))
        let nights = starts.map { start in
            NightForecast.Sample(
                simulator.play(zones, from: start), night, onSpotAlone: SpotAlone.isOnTime(night, zones, from: start))
        }
        return CalibrationCase(
            trace: trace.name, shape: shape,
            forecast: NightForecast(of: night, believing: [fit.model], nights: Self.draws, seed: 1), nights: nights,
            shares: shares(night, starts))
    }

    private func shares(_ night: TickNight, _ starts: [Int]) -> ClosedRange<Double> {
        let market = DrawnMarket(fit.model)
        var random = SplitMix64(seed: 2)
        var zones = [[Bool](repeating: false, count: trace.count - trace.count / 2)]
        let shares = (0..<Self.markets).map { _ in
            market.draw(into: &zones[0], tickHours: Double(night.tick) / 3_600_000, &random)
            return Double(starts.count { SpotAlone.isOnTime(night, zones, from: $0) }) / Double(starts.count)
        }.sorted()
        return shares[Self.markets / 10]...shares[Self.markets * 9 / 10]
    }
}
