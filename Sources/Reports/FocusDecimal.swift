// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// An exact decimal with up to 18 places: what bills are made of. A double would lose micro-dollars.
package struct FocusDecimal: Hashable, Comparable, Sendable {
    /// In units of 10⁻¹⁸.
    package var units: Int128

    package static let zero = FocusDecimal(units: 0)
    package static let one: Int128 = 1_000_000_000_000_000_000
    /// More than this in a bill is a mistake; sums of less, and what is made of them, fit into an `Int128`.
    package static let largest = FocusDecimal(units: 1_000_000_000_000 * one)

    package init(units: Int128) { self.units = units }

    /// Whole micro-dollars; finer amounts are rounded, so settle them first.
    package init(_ money: Money) { units = Int128(money.roundedMicrodollars) * 1_000_000_000_000 }

    /// Hours, rounded to nine places.
    package init(hours duration: Duration) {
        let nanohours = (Int128(duration.milliseconds) * 1_000_000_000 + 1_800_000) / 3_600_000
        units = nanohours * 1_000_000_000
    }

    /// Plain or with an exponent (`1.2E-5`); `nil` for what is no number, too large, or finer than 18 places.
    package init?(_ text: String) {
        let parts = text.uppercased().split(separator: "E", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let exponent = parts.count == 2 ? Int(parts[1]) : 0,
            (-40...20).contains(exponent)
        else { return nil }
        var mantissa = parts[0]
        let isNegative = mantissa.first == "-"
        if isNegative || mantissa.first == "+" { mantissa.removeFirst() }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count) else { return nil }
        var digits = Array((halves[0] + (halves.count == 2 ? halves[1] : "")).utf8)
        guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        var scale = 18 + exponent - (halves.count == 2 ? halves[1].count : 0)
        while scale < 0 {
            guard digits.popLast() == 48 else { return nil }
            scale += 1
        }
        digits = Array(digits.drop { $0 == 48 }) + Array(repeating: 48, count: digits.isEmpty ? 0 : scale)
        guard digits.count <= 36 else { return nil }
        let value = digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - 48) }
        units = isNegative ? -value : value
    }

    package static func < (lhs: FocusDecimal, rhs: FocusDecimal) -> Bool { lhs.units < rhs.units }
    package static func + (lhs: FocusDecimal, rhs: FocusDecimal) -> FocusDecimal {
        FocusDecimal(units: lhs.units + rhs.units)
    }
    package static func - (lhs: FocusDecimal, rhs: FocusDecimal) -> FocusDecimal {
        FocusDecimal(units: lhs.units - rhs.units)
    }
    package static func += (lhs: inout FocusDecimal, rhs: FocusDecimal) { lhs = lhs + rhs }

    /// A price in whole micro-dollars times a quantity of at most nine places: exact.
    package static func product(_ rate: HourlyRate, _ quantity: FocusDecimal) -> FocusDecimal {
        FocusDecimal(units: Int128(rate.microdollars) * (quantity.units / 1_000_000_000) * 1000)
    }

    package var magnitude: FocusDecimal { units < 0 ? .zero - self : self }

    /// Without trailing zeros: `7.102500`→`7.1025`.
    package var text: String {
        let whole = String(units.magnitude / UInt128(Self.one))
        var fraction = String(units.magnitude % UInt128(Self.one))
        fraction = String(repeating: "0", count: 18 - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        return (units < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// Dollars and cents for people.
    package var dollars: String {
        let half = Int128(500_000_000_000)
        let micro = (units + (units < 0 ? -half : half)) / 1_000_000_000_000
        return Money(microdollars: Int64(clamping: micro)).text
    }
}

extension FocusDecimal: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = FocusDecimal(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a decimal: \(text)")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
