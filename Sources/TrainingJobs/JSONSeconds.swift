// SPDX-License-Identifier: Apache-2.0

/// A duration that JSON carries as a number of seconds, to the millisecond: `14400`, `0.25`.
///
/// The standard library would write two 64-bit halves of attoseconds.
@propertyWrapper
package struct JSONSeconds: Codable, Hashable, Sendable {
    package var wrappedValue: Duration

    package init(wrappedValue: Duration) { self.wrappedValue = wrappedValue }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let seconds = try container.decode(Double.self)
        guard seconds.isFinite, abs(seconds) < 1e12 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a duration in seconds")
        }
        wrappedValue = .milliseconds(Int64((seconds * 1000).rounded()))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        let milliseconds = wrappedValue.milliseconds
        if milliseconds % 1000 == 0 {
            try container.encode(milliseconds / 1000)
        } else {
            try container.encode(Double(milliseconds) / 1000)
        }
    }
}
