// SPDX-License-Identifier: Apache-2.0

/// Makes text from outside (training output, names, error texts) safe to print: nothing in it can move the cursor,
/// colour, ring, rename the window, write the clipboard, or show itself in another order than it is stored.
package enum TerminalText {
    /// A longer text is cut here, with a note.
    package static let longestBytes = 4096

    /// One line: control characters become visible ones (`␛`), a line end too. Tabs stay.
    package static func sanitized(_ text: String) -> String {
        var result = ""
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > longestBytes { return result + " … (cut, \(text.utf8.count) bytes)" }
            result.append(contentsOf: visible(scalar))
        }
        return result
    }

    /// Bytes that are not UTF-8 become U+FFFD.
    package static func sanitized(bytes: some Collection<UInt8>) -> String {
        sanitized(String(decoding: bytes, as: UTF8.self))
    }

    /// Printing it changes nothing but the text.
    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09: true
        case 0x00...0x1F, 0x7F...0x9F: false
        // Bidirectional marks, embeddings, overrides and isolates; line and paragraph separators; zero-width and
        // invisible characters; tag characters.
        case 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xE0000...0xE007F: false
        default: true
        }
    }

    private static func visible(_ scalar: Unicode.Scalar) -> String {
        if isHarmless(scalar) { return String(Character(scalar)) }
        switch scalar.value {
        case 0x00...0x1F: return String(Character(Unicode.Scalar(0x2400 + scalar.value)!))
        case 0x7F: return "␡"
        case 0x80...0x9F: return "\\x" + String(scalar.value, radix: 16)
        default: return "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { UTF8.encode(scalar)?.count ?? 3 }
}
