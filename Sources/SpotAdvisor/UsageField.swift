// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// What stands in a field of an export.
enum UsageField {
    /// `2026-11-01T00:00:00Z`, with `.000`, with a space for the T or without the Z: all of them are UTC.
    static func instant(_ text: String) -> Instant? {
        var text = text
        if !text.hasSuffix("Z") { text += "Z" }
        guard text.utf8.count >= 20 else { return nil }
        let place = text.utf8.index(text.utf8.startIndex, offsetBy: 10)
        if text[place] == " " { text.replaceSubrange(place...place, with: "T") }
        return Instant(iso8601: text)
    }

    /// As `microdollarMillionths`, and below zero too.
    static func signedMillionths(_ text: String) -> Int128? {
        text.hasPrefix("-") ? microdollarMillionths(String(text.dropFirst())).map { -$0 } : microdollarMillionths(text)
    }

    /// A decimal number of dollars, with an exponent or without, in millionths of a micro-dollar; finer places are cut
    /// off. `nil` for what is below zero or no number.
    static func microdollarMillionths(_ text: String) -> Int128? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = parts.first, parts.count <= 2 else { return nil }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, halves.contains(where: { !$0.isEmpty }) else { return nil }
        var shift = 12
        if parts.count == 2 {
            guard let exponent = Int(parts[1]), abs(exponent) <= 30 else { return nil }
            shift += exponent
        }
        var value: Int128 = 0
        for (index, half) in halves.enumerated() {
            for byte in half.utf8 {
                guard (48...57).contains(byte) else { return nil }
                // Thirty digits hold any bill; more only follow the point.
                guard value < 1_000_000_000_000_000_000_000_000_000_000 else {
                    if index == 0 { return nil }
                    continue
                }
                value = value * 10 + Int128(byte - 48)
                if index == 1 { shift -= 1 }
            }
        }
        while shift < 0, value != 0 { (value, shift) = (value / 10, shift + 1) }
        while shift > 0, value != 0 {
            guard value < 1_000_000_000_000_000_000_000_000_000_000 else { return nil }
            (value, shift) = (value * 10, shift - 1)
        }
        // A million dollars an hour is a slip.
        return value <= 1_000_000_000_000_000_000 ? value : nil
    }
}
