// SPDX-License-Identifier: Apache-2.0

/// `s3://bucket/key`, where the key may be empty.
package struct S3Place: Hashable, Sendable, CustomStringConvertible {
    package var bucket: String
    package var key: String

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// `nil` for anything else; `https` places are AWS's own and not to be had here.
    package init?(_ uri: String) {
        guard uri.hasPrefix("s3://") else { return nil }
        let parts = uri.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first, !bucket.isEmpty else { return nil }
        self.init(bucket: String(bucket), key: parts.count > 1 ? String(parts[1]) : "")
    }

    /// As a directory: with a slash at its end, or empty.
    package var directory: S3Place {
        key.isEmpty || key.hasSuffix("/") ? self : S3Place(bucket: bucket, key: key + "/")
    }

    package func appending(_ name: String) -> S3Place { S3Place(bucket: bucket, key: directory.key + name) }

    package var description: String { "s3://\(bucket)/\(key)" }
}
