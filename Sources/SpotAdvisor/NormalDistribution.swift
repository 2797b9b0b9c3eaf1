// SPDX-License-Identifier: Apache-2.0

import SpotMarket

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The standard normal distribution.
enum NormalDistribution {
    /// The probability of a value up to `value`.
    static func cumulative(_ value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }

    /// The value that is not exceeded with this probability, by bisection.
    static func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a quantile of \(probability)")
        return bisected(-10...10) { cumulative($0) < probability }
    }

    /// A draw, from two uniform ones (Box and Muller, 1958).
    static func draw(_ random: inout SplitMix64) -> Double {
        (-2 * log(1 - random.uniform())).squareRoot() * cos(2 * Double.pi * random.uniform())
    }

    /// The probability that of two values with a correlation both are up to their limits, by Simpson's rule.
    static func cumulative(_ first: Double, _ second: Double, correlation: Double) -> Double {
        let width = (1 - correlation * correlation).squareRoot()
        func density(_ x: Double) -> Double {
            exp(-x * x / 2) / (2 * Double.pi).squareRoot() * cumulative((second - correlation * x) / width)
        }
        let (low, steps) = (-9.0, 600)
        guard first > low else { return 0 }
        let step = (first - low) / Double(steps)
        return (0...steps).reduce(0) { sum, index in
            let weight = index == 0 || index == steps ? 1.0 : index % 2 == 1 ? 4 : 2
            return sum + weight * density(low + Double(index) * step)
        } * step / 3
    }

    /// The correlation of two normal values that are up to a limit with these probabilities, and both are with `both`
    /// (Pearson's tetrachoric correlation). Within ±0.999; `nil` where one of them always or never is.
    static func correlation(_ first: Double, _ second: Double, both: Double) -> Double? {
        guard first > 0, first < 1, second > 0, second < 1 else { return nil }
        let (a, b) = (quantile(first), quantile(second))
        return bisected(-0.999...0.999) { cumulative(a, b, correlation: $0) < both }
    }

    private static func bisected(_ range: ClosedRange<Double>, _ isBelow: (Double) -> Bool) -> Double {
        var (low, high) = (range.lowerBound, range.upperBound)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if isBelow(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
