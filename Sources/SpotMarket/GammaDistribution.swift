// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The gamma distribution with a shape and a rate: what is believed of a Poisson rate after counting.
package struct GammaDistribution: Hashable, Sendable {
    /// Positive, both.
    package let shape: Double
    package let rate: Double

    package init(shape: Double, rate: Double) {
        precondition(shape > 0 && rate > 0, "a gamma distribution with shape \(shape) and rate \(rate)")
        self.shape = shape
        self.rate = rate
    }

    package var mean: Double { shape / rate }

    /// The probability of a value up to `value`: the regularised lower incomplete gamma function (Numerical Recipes,
    /// 6.2), by its series where that is quick and by its continued fraction elsewhere.
    func cumulative(_ value: Double) -> Double {
        let x = value * rate
        guard x > 0 else { return 0 }
        let front = exp(shape * log(x) - x - lgamma(shape))
        return x < shape + 1 ? front * series(x) : 1 - front * fraction(x)
    }

    /// The value that is not exceeded with this probability, by bisection.
    package func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a quantile of \(probability)")
        var (low, high) = (0.0, mean)
        while cumulative(high) < probability { high *= 2 }
        while high - low > 1e-12 * high {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            if cumulative(middle) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    private func series(_ x: Double) -> Double {
        var term = 1 / shape
        var sum = term
        var index = shape
        repeat {
            index += 1
            term *= x / index
            sum += term
        } while term > sum * 1e-16
        return sum
    }

    /// Lentz's method.
    private func fraction(_ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - shape
        var c = 1 / tiny
        var d = 1 / b
        var product = d
        for index in 1...100_000 {
            let a = -Double(index) * (Double(index) - shape)
            b += 2
            d = a * d + b
            if abs(d) < tiny { d = tiny }
            c = b + a / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            product *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return product
    }

    /// A draw, by rejection (Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", 2000). Only for
    /// shapes of 1 and more.
    package func draw(_ random: inout SplitMix64) -> Double {
        precondition(shape >= 1, "a draw with shape \(shape)")
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let normal = (-2 * log(1 - random.uniform())).squareRoot() * cos(2 * Double.pi * random.uniform())
            let root = 1 + c * normal
            guard root > 0 else { continue }
            let v = root * root * root
            if log(1 - random.uniform()) < normal * normal / 2 + d - d * v + d * log(v) { return d * v / rate }
        }
    }
}
