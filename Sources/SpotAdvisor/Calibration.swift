// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
import NightEngine
package import SpotMarket
package import TrainingJobs

/// One forecast, and the nights that then came.
package struct CalibrationCase: Sendable {
    package var trace: String
    /// A name for the night's shape.
    package var shape: String
    package var forecast: NightForecast
    /// What the same policy came to in the nights that came.
    package var nights: [NightForecast.Sample]

    package init(trace: String, shape: String, forecast: NightForecast, nights: [NightForecast.Sample]) {
        self.trace = trace
        self.shape = shape
        self.forecast = forecast
        self.nights = nights
    }
}

/// Forecasts held against what came, on traces of which they have seen one half.
package struct CalibrationStudy: Sendable {
    /// Nights of the second half; they overlap where the half holds fewer.
    package static let nights = 60
    package static let draws = 2000

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
        _ night: TickNight, shape: String, overdispersion: Double = MarketBelief.overdispersion
    ) -> CalibrationCase? {
        let length = night.deadlineTicks + 2
        let first = trace.count / 2
        let span = trace.count - length - first
        guard span >= 0 else { return nil }
        let zones = [(0..<trace.count).map { trace[$0] }]
        let policy = PolicyName.nightshift.policy(for: night.outlook(wholeTicks: true), believing: [fit.model])
        var simulator = TickSimulator(night, .net(SafetyNet(policy)))
        let nights = (0..<Self.nights).map { number in
            let start = first + span * number / (Self.nights - 1)
            return NightForecast.Sample(
                simulator.play(zones, from: start), night,
                onSpotAlone: SpotAlone.isOnTime(night, zones, from: start))
        }
        let forecast = NightForecast(
            of: night, believing: [fit.model], overdispersion: overdispersion, nights: Self.draws, seed: 1)
        return CalibrationCase(trace: trace.name, shape: shape, forecast: forecast, nights: nights)
    }
}

/// What the forecasts were worth.
package struct CalibrationScore: Hashable, Sendable {
    /// The forecasts of one range of chances together.
    package struct Bin: Hashable, Sendable {
        package var forecasts = 0
        package var nights = 0
        /// The mean of what was said.
        package var said: Double
        /// The share that came true.
        package var seen: Double
    }

    package let nights: Int
    /// Nights of which the cost lay between p10 and p90, both included.
    package let covered: Int
    /// The same with a cost that many nights share counted by how much of it lies between the two: 0.8 where forecasts
    /// are right, whatever the costs.
    package let coverage: Double
    package let below: Double
    package let above: Double
    /// Of P(on time on Spot alone), in tenths; those that were used.
    package let bins: [Bin]
    /// The mean squared error of that chance.
    package let brier: Double
    /// The same for who says the share of all these nights every time, which nobody knew before.
    package let baseRateBrier: Double
    /// The same for who says 1 or 0 for each case, whatever was more frequent in it: noise that nobody can foresee.
    package let baseRate: Double

    package init(_ cases: [CalibrationCase]) {
        let rows = cases.flatMap { one in one.nights.map { (one, $0) } }
        precondition(!rows.isEmpty, "a calibration without nights")
        let count = Double(rows.count)
        nights = rows.count
        covered = rows.count { one, night in
            night.cost >= one.forecast.cost(percentile: 10) && night.cost <= one.forecast.cost(percentile: 90)
        }
        let ranks = rows.map { one, night in one.forecast.rank(of: night.cost) }
        coverage = ranks.reduce(0) { $0 + Self.share(of: $1, in: 0.1...0.9) } / count
        below = ranks.reduce(0) { $0 + Self.share(of: $1, in: 0...0.1) } / count
        above = ranks.reduce(0) { $0 + Self.share(of: $1, in: 0.9...1) } / count
        let base = Double(rows.count { $1.isOnTimeOnSpotAlone }) / count
        baseRate = base
        brier =
            rows.reduce(0) { sum, row in
                let error = row.0.forecast.onTimeOnSpotAlone - (row.1.isOnTimeOnSpotAlone ? 1 : 0)
                return sum + error * error
            } / count
        baseRateBrier = base * (1 - base)
        bins = (0..<10).compactMap { tenth in
            let part = cases.filter { min(9, Int($0.forecast.onTimeOnSpotAlone * 10)) == tenth }
            let nights = part.reduce(0) { $0 + $1.nights.count }
            guard nights > 0 else { return nil }
            let said = part.reduce(0) { $0 + $1.forecast.onTimeOnSpotAlone * Double($1.nights.count) }
            let seen = part.reduce(0) { $0 + $1.nights.count(where: \.isOnTimeOnSpotAlone) }
            return Bin(
                forecasts: part.count, nights: nights, said: said / Double(nights), seen: Double(seen) / Double(nights))
        }
    }

    /// How much of a range of ranks lies within another; a range without width lies in it or does not.
    private static func share(of rank: ClosedRange<Double>, in range: ClosedRange<Double>) -> Double {
        let width = rank.upperBound - rank.lowerBound
        guard width > 0 else {
            return rank.lowerBound >= range.lowerBound && rank.lowerBound < range.upperBound
                || rank.lowerBound == 1 && range.upperBound == 1 ? 1 : 0
        }
        return max(0, min(rank.upperBound, range.upperBound) - max(rank.lowerBound, range.lowerBound)) / width
    }
}

extension NightForecast {
    /// The share of the samples that cost less, and that which do not cost more.
    func rank(of cost: Money) -> ClosedRange<Double> {
        let below = samples.count { $0.cost < cost }
        let upTo = samples.count { $0.cost <= cost }
        return Double(below) / Double(samples.count)...Double(upTo) / Double(samples.count)
    }
}
