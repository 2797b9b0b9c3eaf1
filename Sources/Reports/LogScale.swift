// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An axis on which each factor takes the same room.
struct LogScale: Hashable, Sendable {
    /// Positive, rising.
    let range: ClosedRange<Double>

    /// From a power of ten to a power of ten, around positive values; at least one decade.
    init(decadesAround values: [Double]) {
        let usable = values.filter { $0 > 0 && $0.isFinite }
        let low = log10(usable.min() ?? 0.1).rounded(.down)
        let high = max(low + 1, log10(usable.max() ?? 1).rounded(.up))
        range = pow(10, low)...pow(10, high)
    }

    init(_ range: ClosedRange<Double>) { self.range = range }

    /// From 0 at the lower end to 1 at the upper one; what lies beyond is at the end.
    func fraction(_ value: Double) -> Double {
        guard value > range.lowerBound else { return 0 }
        return min(1, log(value / range.lowerBound) / log(range.upperBound / range.lowerBound))
    }

    /// The value at a fraction.
    func value(_ fraction: Double) -> Double {
        range.lowerBound * pow(range.upperBound / range.lowerBound, fraction)
    }

    /// Powers of ten within the range.
    var decades: [Double] {
        let (low, high) = (log10(range.lowerBound).rounded(), log10(range.upperBound).rounded())
        return stride(from: low, through: high, by: 1).map { pow(10, $0) }
    }
}
