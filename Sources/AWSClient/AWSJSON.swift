// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// AWS's JSON with our names: its keys begin with capitals in most services, ours never.
enum AWSJSON {
    /// Keys are compared without regard to the first letter's case.
    static func decode<Document: Decodable>(_ type: Document.Type, from body: [UInt8]) throws -> Document {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in Key(path.last!, { $0.lowercased() }) }
        return try decoder.decode(type, from: Data(body))
    }

    /// Keys are written with a capital.
    static func encode(_ document: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.keyEncodingStrategy = .custom { path in Key(path.last!, { $0.uppercased() }) }
        return Array(try encoder.encode(document))
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int?

        init(_ key: any CodingKey, _ change: (Substring) -> String) {
            stringValue = change(key.stringValue.prefix(1)) + key.stringValue.dropFirst()
            intValue = key.intValue
        }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
