// SPDX-License-Identifier: Apache-2.0

/// The form of a drill's report, which reads no other: a report of another form is an error, not a verdict.
package struct DrillForm: Codable, Hashable, Sendable {
    package static let number = 1

    package init() {}

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let found = try container.decode(Int.self)
        guard found == Self.number else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "a drill of form \(found); this version of nightshift reads form \(Self.number)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Self.number)
    }
}
