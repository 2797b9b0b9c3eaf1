// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

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

    package let cases: Int
    package let nights: Int
    /// Of all nights, those whose cost lay between p10 and p90, both included.
    package let within: Double
    /// What the forecasts themselves expected of that. It is more than 0.8: a night that is never interrupted costs the
    /// same as any other such, and if that is p10 all of them lie within.
    package let expectedWithin: Double
    /// The share within, with a cost that many nights share counted by how much of it lies between the two: 0.8 where forecasts
    /// are right, whatever the costs.
    package let coverage: Double
    package let below: Double
    package let above: Double
    /// Cases of which the share on time on Spot alone lay where it should in four of five.
    package let sharesWithin: Int
    /// Of P(on time on Spot alone), in tenths; those that were used.
    package let bins: [Bin]
    /// The mean squared error of that chance.
    package let brier: Double
    /// The same for who counts the nights of the half that the fit has seen.
    package let climatologyBrier: Double
    /// The same for who says the share of all these nights every time, which nobody knew before.
    package let baseRateBrier: Double
    package let baseRate: Double

    package init(_ cases: [CalibrationCase]) {
        let rows = cases.flatMap { one in one.nights.map { (one, $0) } }
        precondition(!rows.isEmpty, "a calibration without nights")
        let count = Double(rows.count)
        self.cases = cases.count
        nights = rows.count
        within = cases.reduce(0) { $0 + $1.forecast.shareWithin($1.nights) * Double($1.nights.count) } / count
        expectedWithin =
            cases.reduce(0) { $0 + $1.forecast.shareWithin($1.forecast.samples) * Double($1.nights.count) } / count
        let ranks = rows.map { one, night in one.forecast.rank(of: night.cost) }
        coverage = ranks.reduce(0) { $0 + Self.share(of: $1, in: 0.1...0.9) } / count
        below = ranks.reduce(0) { $0 + Self.share(of: $1, in: 0...0.1) } / count
        above = ranks.reduce(0) { $0 + Self.share(of: $1, in: 0.9...1) } / count
        sharesWithin = cases.count { one in
            one.shares.contains(Double(one.nights.count(where: \.isOnTimeOnSpotAlone)) / Double(one.nights.count))
        }
        let base = Double(rows.count { $1.isOnTimeOnSpotAlone }) / count
        baseRate = base
        func brier(_ said: (CalibrationCase) -> Double) -> Double {
            rows.reduce(0) { sum, row in
                let error = said(row.0) - (row.1.isOnTimeOnSpotAlone ? 1 : 0)
                return sum + error * error
            } / count
        }
        self.brier = brier(\.forecast.onTimeOnSpotAlone)
        climatologyBrier = brier(\.climatology)
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

    /// The share of cases of which the share on time lay where it should in four of five.
    package var sharesCoverage: Double { Double(sharesWithin) / Double(cases) }

    /// What is demanded of both intervals of four fifths.
    package static let demanded = 0.7...0.9
    package var isCalibrated: Bool {
        Self.demanded.contains(coverage) && Self.demanded.contains(sharesCoverage)
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
    func shareWithin(_ nights: [Sample]) -> Double {
        let (low, high) = (cost(percentile: 10), cost(percentile: 90))
        return Double(nights.count { $0.cost >= low && $0.cost <= high }) / Double(nights.count)
    }

    /// The share of the samples that cost less, and that which do not cost more.
    func rank(of cost: Money) -> ClosedRange<Double> {
        let below = samples.count { $0.cost < cost }
        let upTo = samples.count { $0.cost <= cost }
        return Double(below) / Double(samples.count)...Double(upTo) / Double(samples.count)
    }
}
