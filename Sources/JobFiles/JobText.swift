// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The small languages inside a job file's values. Each pattern is what the schema says; each function what the
/// reader does; a test holds them together.
enum JobText {
    static let duration =
        #"^(?=[0-9])([0-9]{1,6} ?d( (?=[0-9])|(?=[0-9])|$))?([0-9]{1,6} ?h( (?=[0-9])|(?=[0-9])|$))?"#
        + #"([0-9]{1,6} ?min( (?=[0-9])|(?=[0-9])|$))?([0-9]{1,6} ?s)?$"#
    static let size = #"^[0-9]{1,9}(\.[0-9]{1,3})? ?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$"#
    static let speed = String(size.dropLast()) + "/s$"
    /// Less than a byte a second.
    static let noSpeed = #"^0+(\.0+)? ?[kKMGT]?i?B/s$|^0+\.[0-9]+ ?B/s$"#
    static let money = #"^(\$[0-9]{1,9}(\.[0-9]{1,6})?|[0-9]{1,9}(\.[0-9]{1,6})? ?USD)$"#
    /// A path of this machine: not another scheme's address, and no home directory for a shell to fill in.
    static let path = #"^(file://.+|(?!~)(?!.*://).+)$"#
    static let s3Address = #"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$"#
    /// A path as above, or a prefix in a bucket.
    static let place = #"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?|file://.+|(?!~)(?!.*://).+)$"#
    /// Any text without control characters.
    static let line = #"^[^\u0000-\u001f\u007f]+$"#
    static let percent = #"^[0-9]{1,6}(\.[0-9]{1,6})? ?%$"#
    static let timeOfDay = "^([01][0-9]|2[0-3]):[0-5][0-9]$"

    /// Bytes; the product is rounded down to a whole byte.
    static func bytes(_ text: String) -> Int64? {
        let number = text.prefix { ($0.isASCII && $0.isWholeNumber) || $0 == "." }
        var unit = text.dropFirst(number.count)
        if unit.first == " " { unit = unit.dropFirst() }
        let factors: [Substring: Int64] = [
            "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
            "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
        ]
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let factor = factors[unit], parts.count == 1 || (parts.count == 2 && (1...3).contains(parts[1].count)),
            let first = parts.first, (1...9).contains(first.count), let whole = Int64(first)
        else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard let thousandths = Int64(fraction + String(repeating: "0", count: 3 - fraction.count)) else { return nil }
        // More than fits is more than any disk: the largest number will do.
        return Int64(clamping: (Int128(whole) * 1000 + Int128(thousandths)) * Int128(factor) / 1000)
    }

    /// Bytes a second; `nil` for none too.
    static func speed(_ text: String) -> Int64? {
        guard text.hasSuffix("/s"), let bytes = bytes(String(text.dropLast(2))), bytes > 0 else { return nil }
        return bytes
    }

    static func money(_ text: String) -> Money? {
        var amount = text[...]
        if amount.first == "$" {
            amount = amount.dropFirst()
        } else if amount.hasSuffix("USD") {
            amount = amount.dropLast(3)
            if amount.last == " " { amount = amount.dropLast() }
        } else {
            return nil
        }
        guard amount.first?.isWholeNumber == true, amount.prefix(while: { $0 != "." }).count <= 9 else { return nil }
        return Money(dollars: String(amount))
    }

    /// `50 %` is 50.
    static func percent(_ text: String) -> Double? {
        guard JobReader.matches(text, percent) else { return nil }
        return Double(text.dropLast(text.hasSuffix(" %") ? 2 : 1))
    }

    /// Minutes after midnight.
    static func timeOfDay(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ (48...57).contains(bytes[$0]) })
        else { return nil }
        let hour = Int(bytes[0] - 48) * 10 + Int(bytes[1] - 48)
        let minute = Int(bytes[3] - 48) * 10 + Int(bytes[4] - 48)
        return hour < 24 && minute < 60 ? hour * 60 + minute : nil
    }

    static func timeOfDayText(_ minutes: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
