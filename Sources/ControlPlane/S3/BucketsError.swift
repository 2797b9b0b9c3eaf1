// SPDX-License-Identifier: Apache-2.0

/// Why the store of objects did not do what it was asked.
package enum BucketsError: Error, Hashable {
    case invalidBucketName(String)
    /// More than 1024 bytes, or none.
    case invalidKey(bytes: Int)
    case noSuchBucket(String)
    case noSuchKey(String)
    case bucketNotEmpty(String)
    case preconditionFailed
    case noSuchUpload(String)
    /// A part of that number was not uploaded, or has another entity tag.
    case invalidPart(Int)
    case partsOutOfOrder
    /// All parts but the last have at least 5 MiB.
    case partTooSmall(Int)
    /// What was given as the whole object's checksum is another one.
    case wrongChecksum(String)
    /// Another process serves from this directory.
    case inUse(directory: String)
    case newerFormat(directory: String)
    /// A system call failed: what was tried, on what, and the system's reason.
    case cannot(String, path: String, why: String)
}

extension BucketsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidBucketName(let name):
            "\(name) is no bucket name: 3 to 63 small letters, digits, dots and hyphens, letter or digit at both ends"
        case .invalidKey(let bytes): "a key has 1 to 1024 bytes of UTF-8, not \(bytes)"
        case .noSuchBucket(let name): "there is no bucket \(name)"
        case .noSuchKey(let key): "there is no object \(key)"
        case .bucketNotEmpty(let name): "bucket \(name) is not empty"
        case .preconditionFailed: "the object is not as the condition says"
        case .noSuchUpload(let id): "there is no multipart upload \(id)"
        case .invalidPart(let number): "part \(number) was not uploaded, or is another one"
        case .partsOutOfOrder: "the parts are not in ascending order"
        case .partTooSmall(let number): "part \(number) is smaller than 5 MiB and not the last"
        case .wrongChecksum(let name): "the \(name) of the whole is another one"
        case .inUse(let directory): "another nightshift serve uses \(directory)"
        case .newerFormat(let directory): "\(directory) was written by a newer nightshift"
        case .cannot(let action, let path, let why): "cannot \(action) \(path): \(why)"
        }
    }
}
