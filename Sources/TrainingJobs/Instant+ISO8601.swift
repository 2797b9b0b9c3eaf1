// SPDX-License-Identifier: Apache-2.0

/// JSON carries an instant as ISO 8601 in UTC with milliseconds: `2026-11-24T04:20:08.000Z`.
///
/// Written out here, not taken from Foundation, so that pure rooms stay free of it.
extension Instant: Codable, CustomStringConvertible {
    package var description: String { iso8601 }

    package var iso8601: String {
        let inDay = ((milliseconds % Self.day) + Self.day) % Self.day
        let date = LocalDate(dayNumber: Int((milliseconds - inDay) / Self.day))
        func pad(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(date)T\(pad(inDay / 3_600_000, 2)):\(pad(inDay / 60000 % 60, 2)):\(pad(inDay / 1000 % 60, 2))"
            + ".\(pad(inDay % 1000, 3))Z"
    }

    /// Accepts exactly the form that `iso8601` writes, with or without the milliseconds.
    package init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 48)
            }
            return value
        }
        guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T"),
            let date = LocalDate(String(decoding: bytes[..<10], as: UTF8.self)),
            let hour = number(11..<13), bytes[13] == UInt8(ascii: ":"),
            let minute = number(14..<16), bytes[16] == UInt8(ascii: ":"),
            let second = number(17..<19), hour < 24, minute < 60, second < 60
        else { return nil }
        var thousandths: Int64 = 0
        if bytes.count == 24 {
            guard bytes[19] == UInt8(ascii: "."), let value = number(20..<23) else { return nil }
            thousandths = value
        }
        milliseconds =
            Int64(date.dayNumber) * Self.day + hour * 3_600_000 + minute * 60000 + second * 1000 + thousandths
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Instant(iso8601: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an ISO 8601 instant: \(text)")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso8601)
    }

    private static let day: Int64 = 86_400_000
}
