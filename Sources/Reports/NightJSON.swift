// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Documents for other programs: `schemaVersion` first of all, ISO 8601 times in UTC, money as decimal strings of
/// dollars, durations in seconds. A figure that is not known is absent, never 0.
///
/// The same night gives the same bytes. Within a schema version keys are only added.
package enum NightJSON {
    package static let schemaVersion = 1

    /// Sorted keys, indented, with a line end.
    ///
    /// JSON itself escapes only controls below U+0020; the others that could drive a terminal are escaped here, without
    /// loss, for those who print a document.
    package static func text(_ document: some Encodable) throws -> String {
        try text(document, [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    }

    /// The same on one line, for streams of documents.
    package static func line(_ document: some Encodable) throws -> String {
        try text(document, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(_ document: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        var text = ""
        for scalar in String(decoding: try encoder.encode(document), as: UTF8.self).unicodeScalars {
            if TerminalText.isHarmless(scalar) || scalar == "\n" {
                text.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let hex = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                }
            }
        }
        return text + "\n"
    }

    package static func document<Document: Decodable>(_ type: Document.Type, from text: String) throws -> Document {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(type, from: Data(text.utf8))
    }
}
