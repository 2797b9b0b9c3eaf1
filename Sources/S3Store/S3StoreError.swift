// SPDX-License-Identifier: Apache-2.0

/// Why a bucket cannot hold checkpoints; what only failed for now is an `AWSError`.
package enum S3StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The server wrote over an object that it was told to leave alone.
    case conditionsIgnored(bucket: String)
    case otherRegion(bucket: String, region: String)
    /// The service contradicts itself: there is an object and there is none.
    case contradiction(key: String)

    package var description: String {
        switch self {
        case .conditionsIgnored(let bucket):
            "bucket \(bucket): its server ignores If-None-Match and writes over objects, so two machines could commit "
                + "at once and lose a checkpoint; use a server with conditional writes, such as Amazon S3, or a directory"
        case .otherRegion(let bucket, let region):
            "bucket \(bucket) is not in region \(region); name the region that it is in"
        case .contradiction(let key):
            "\(key): the service says that it is there and that it is not; try again later"
        }
    }
}
