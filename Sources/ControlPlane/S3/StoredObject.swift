// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// An object as it lies in a bucket.
package struct StoredObject: Hashable, Sendable {
    package var bucket: String
    package var key: String
    /// In bytes.
    package var size: Int64
    /// Without quotation marks: the MD5 of the bytes, or of the parts' MD5s with `-` and their number.
    package var etag: String
    package var modified: Instant
    package var contentType: String
    /// Header fields that are given back as they came, by their names in lower case: `x-amz-meta-…`, `cache-control`.
    package var metadata: [String: String]
    package var checksum: ObjectChecksum?
    /// The path of the bytes. They never change, and stay there for a minute after the object was replaced or deleted.
    package var file: String
}

/// A checksum that the uploader gave and that was found right.
package struct ObjectChecksum: Hashable, Sendable, Codable {
    /// `CRC32`, `CRC32C`, `SHA1`, `SHA256` or `CRC64NVME`.
    package var algorithm: String
    /// Base64, with `-` and the number of parts where it is one of the parts' checksums.
    package var value: String

    package init(algorithm: String, value: String) {
        self.algorithm = algorithm
        self.value = value
    }
}

/// What must be so at the moment when an object is written, or else it is not.
package enum WriteCondition: Hashable, Sendable {
    case always
    /// Nothing lies under the key.
    case ifAbsent
    /// What lies there has this entity tag; `*` is any.
    case ifMatch(String)
}
