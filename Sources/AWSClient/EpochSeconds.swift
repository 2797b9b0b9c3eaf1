// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// An instant as AWS's JSON writes it: seconds since 1970, as a number with decimals.
package struct EpochSeconds: Codable, Hashable, Sendable {
    package var instant: Instant

    package init(_ instant: Instant) { self.instant = instant }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let seconds = try container.decode(Double.self)
        // Ten thousand years either way; a number beyond is no time.
        guard seconds.magnitude < 3e11 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(seconds) is no time")
        }
        instant = Instant(milliseconds: Int64((seconds * 1000).rounded()))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if instant.milliseconds % 1000 == 0 {
            try container.encode(instant.milliseconds / 1000)
        } else {
            try container.encode(Double(instant.milliseconds) / 1000)
        }
    }
}
