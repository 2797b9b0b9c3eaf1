// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("\u{1B}[31mred", "␛[31mred"), ("a\rb", "a␍b"), ("ding\u{07}", "ding␇"), ("a\tb", "a\tb"), ("a\nb", "a␊b"),
        ("\u{9B}2J", "\\x9b2J"), ("\u{7F}", "␡"), ("x\u{202E}y", "x\\u{202e}y"), ("\u{200B}", "\\u{200b}"),
        ("naïve 🚀 日本", "naïve 🚀 日本"), ("", ""),
    ])
    func `escapes become visible and text stays`(raw: String, shown: String) {
        #expect(TerminalText.sanitized(raw) == shown)
    }

    @Test(arguments: Hostile.payloads) func `nothing dangerous is left`(payload: String) {
        #expect(!TerminalText.sanitized(payload).unicodeScalars.contains(where: Hostile.isDangerous))
    }

    @Test func `every control and format character is neutralised`() {
        for value in UInt32(0)...0xE0FFF {
            guard let scalar = Unicode.Scalar(value), Hostile.isDangerous(scalar) else { continue }
            // Format characters that scripts need to be written right, and interlinear ones, neither move nor reorder.
            if [0x00AD, 0x180E, 0x200C].contains(value) || scalar.isPrepended { continue }
            let shown = TerminalText.sanitized(String(Character(scalar)))
            #expect(!shown.unicodeScalars.contains(scalar), "U+\(String(value, radix: 16))")
        }
    }

    @Test func `bytes that are not UTF-8 are replaced`() {
        #expect(TerminalText.sanitized(bytes: [0x61, 0xFF, 0xC3, 0x28]) == "a\u{FFFD}\u{FFFD}(")
    }

    @Test func `a long line is cut at 4 KiB with a note`() {
        #expect(TerminalText.sanitized(String(repeating: "a", count: 4096)).count == 4096)
        let line = TerminalText.sanitized(String(repeating: "é", count: 1_000_000))
        #expect(line == String(repeating: "é", count: 2048) + " … (cut, 2000000 bytes)")
    }

    @Test func `HTML is escaped in text and attributes`() {
        #expect(HTMLText.escaped("<a href='x'>\"&\u{1B}") == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;␛")
    }
}

extension Unicode.Scalar {
    fileprivate var isPrepended: Bool {
        switch value {
        case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890...0x0891, 0x08E2, 0xFFF9...0xFFFB, 0x110BD, 0x110CD,
            0x13430...0x1343F, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A:
            true
        default: false
        }
    }
}
