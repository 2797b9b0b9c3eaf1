// SPDX-License-Identifier: Apache-2.0

import NightEngine
package import NightSimulator
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
    /// The share of nights of the half that the fit has seen that are on time on Spot alone, drawn a little to one half:
    /// what is said by who counts and models nothing.
    package var climatology: Double

    package init(
        trace: String, shape: String, forecast: NightForecast, nights: [NightForecast.Sample],
        shares: ClosedRange<Double>, climatology: Double
    ) {
        self.trace = trace
        self.shape = shape
        self.forecast = forecast
        self.nights = nights
        self.shares = shares
        self.climatology = climatology
    }
}

/// Forecasts held against what came, on traces of which they have seen one half: of one zone, or of several zones of one
/// region at the same time.
package struct CalibrationStudy: Sendable {
    /// Nights of each half; they overlap where the half holds fewer.
    package static let nights = 60
    package static let draws = 2000
    /// Markets as long as the second half.
    package static let markets = 300
    /// Nights that climatology takes to have seen before, half of them on time.
    package static let pseudoNights = 8.0
    /// Several pools of one market are met anew after so long: by then most spells that they shared have ended.
    private static let renewalHours = 48.0

    private let name: String
    /// By zone, whether it is up in each tick of the first half and of the second.
    private let first: [[Bool]]
    private let second: [[Bool]]
    private let models: [MarketModel]
    private let tightness: MarketTightness

    /// Fits each pool on its trace's first half, as `market fit` would. `tightness` must not know the second halves.
    package init(_ name: String, _ traces: [AvailabilityTrace], _ tightness: MarketTightness) {
        let count = traces.map(\.count).min() ?? 0
        precondition(count > 0, "a calibration without traces")
        self.name = name
        self.tightness = tightness
        first = traces.map { trace in (0..<count / 2).map { trace[$0] } }
        second = traces.map { trace in (count / 2..<count).map { trace[$0] } }
        models = traces.map { trace in
            var fitter = MarketFitter()
            fitter.add(trace.part(0..<count / 2), of: MarketPool(backend: nil, instanceType: "gpu", zone: trace.name))
            return fitter.fits[0].model
        }
    }

    /// The night must have the study's zones and their tick. `nil` when a half holds no such night.
    package func result(_ night: TickNight, shape: String) -> CalibrationCase? {
        guard let known = starts(night, in: first), let starts = starts(night, in: second) else { return nil }
        let policy = PolicyName.nightshift.policy(for: night.outlook(wholeTicks: true), believing: models)
        var simulator = TickSimulator(night, .net(SafetyNet(policy)))
        let nights = starts.map { start in
            NightForecast.Sample(
                simulator.play(second, from: start), night,
                onSpotAlone: SpotAlone.isOnTime(night, second, from: start))
        }
        let seen = Double(known.count { SpotAlone.isOnTime(night, first, from: $0) })
        return CalibrationCase(
            trace: name, shape: shape,
            forecast: NightForecast(
                of: night, believing: models, in: regions, tightness: tightness, nights: Self.draws, seed: 1),
            nights: nights, shares: shares(night, starts),
            climatology: (seen + Self.pseudoNights / 2) / (Double(known.count) + Self.pseudoNights))
    }

    private var regions: [String] { models.map { _ in "" } }

    /// Spread evenly.
    private func starts(_ night: TickNight, in zones: [[Bool]]) -> [Int]? {
        let span = zones[0].count - night.deadlineTicks - 2
        return span < 0 ? nil : (0..<Self.nights).map { span * $0 / (Self.nights - 1) }
    }

    private func shares(_ night: TickNight, _ starts: [Int]) -> ClosedRange<Double> {
        let market = DrawnMarkets(models, in: regions, tightness)
        let tickHours = Double(night.tick) / 3_600_000
        let renewal = models.count == 1 ? Int.max : max(1, Int(Self.renewalHours / tickHours))
        var random = SplitMix64(seed: 2)
        var zones = second
        let shares = (0..<Self.markets).map { _ in
            market.draw(into: &zones, tickHours: tickHours, renewal: renewal, &random)
            return Double(starts.count { SpotAlone.isOnTime(night, zones, from: $0) }) / Double(starts.count)
        }.sorted()
        return shares[Self.markets / 10]...shares[Self.markets * 9 / 10]
    }
}
