// SPDX-License-Identifier: Apache-2.0

/// A price per hour of one machine, in whole micro-dollars.
package struct HourlyRate: Hashable, Comparable, Sendable, Codable {
    package var microdollars: Int64

    package init(microdollars: Int64) { self.microdollars = microdollars }
    package static func < (lhs: HourlyRate, rhs: HourlyRate) -> Bool { lhs.microdollars < rhs.microdollars }

    /// What a stay of this length costs, exactly.
    package func cost(of duration: Duration) -> Money {
        Money(units: Int128(microdollars) * Int128(duration.milliseconds))
    }
}

/// An exact amount of US dollars.
///
/// The unit is micro-dollars × milliseconds ÷ hour, so a rate times a duration is a whole number and sums are exact.
/// It is divided once, when it is printed or written to JSON.
package struct Money: Hashable, Comparable, Sendable {
    /// One unit is 1 / 3 600 000 micro-dollar.
    package var units: Int128

    package init(units: Int128) { self.units = units }
    package init(microdollars: Int64) { units = Int128(microdollars) * Self.unitsPerMicrodollar }

    package static let zero = Money(units: 0)
    package static let unitsPerMicrodollar: Int128 = 3_600_000

    package static func < (lhs: Money, rhs: Money) -> Bool { lhs.units < rhs.units }
    package static func + (lhs: Money, rhs: Money) -> Money { Money(units: lhs.units + rhs.units) }
    package static func - (lhs: Money, rhs: Money) -> Money { Money(units: lhs.units - rhs.units) }
    package static func += (lhs: inout Money, rhs: Money) { lhs = lhs + rhs }

    /// Whole micro-dollars, halves rounded away from zero.
    package var roundedMicrodollars: Int64 { Int64(Self.divide(units, by: Self.unitsPerMicrodollar)) }

    /// Dollars and cents for people, halves rounded away from zero: `$47.20`, `-$0.35`, `$1,396.00`.
    package var text: String {
        let cents = Self.divide(units, by: Self.unitsPerMicrodollar * 10000)
        let whole = String((cents.magnitude) / 100)
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        let rest = cents.magnitude % 100
        return "\(cents < 0 ? "-" : "")$\(grouped).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func divide(_ value: Int128, by divisor: Int128) -> Int128 {
        let half = divisor / 2
        return value >= 0 ? (value + half) / divisor : (value - half) / divisor
    }
}

/// JSON carries money as a decimal string of dollars with six places, e.g. `"47.203100"`: no reader loses digits.
/// Amounts finer than a micro-dollar are rounded there, so sums are made before writing.
extension Money: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let money = Money(dollars: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an amount of dollars: \(text)")
        }
        self = money
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(dollars)
    }

    /// `47.203100`
    package var dollars: String {
        let micro = roundedMicrodollars
        let fraction = String(micro.magnitude % 1_000_000)
        return "\(micro < 0 ? "-" : "")\(micro.magnitude / 1_000_000)."
            + String(repeating: "0", count: 6 - fraction.count) + fraction
    }

    /// Reads a plain decimal with at most six places; `nil` for anything else.
    package init?(dollars text: String) {
        var digits = Substring(text)
        let negative = digits.first == "-"
        if negative { digits.removeFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]), parts[0].allSatisfy(\.isWholeNumber) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= 6, fraction.allSatisfy({ $0.isASCII && $0.isWholeNumber }),
            parts.count == 1 || !fraction.isEmpty
        else { return nil }
        let padded = fraction + String(repeating: "0", count: 6 - fraction.count)
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow, let rest = Int64(padded) else { return nil }
        self.init(microdollars: negative ? -(scaled + rest) : scaled + rest)
    }
}
