// SPDX-License-Identifier: Apache-2.0

import Digests
import Foundation

/// Bytes on their way into a file, measured and verified as they pass. Blocks on the disk.
struct Upload: ~Copyable {
    private let terms: UploadTerms
    private let file: OwnedDescriptor
    private var size: Int64 = 0
    private var md5: ContentHash? = ContentHash(.md5)
    private var sha256: SHA256?
    private var checksum: Checksum?
    private var decoder: AWSChunkedDecoder?

    /// Creates the file, readable by its owner alone. Whoever does not finish removes it.
    init(_ terms: UploadTerms, file: String) throws {
        self.terms = terms
        self.file = try OwnedDescriptor(creating: file)
        sha256 = terms.sha256 == nil ? nil : SHA256()
        checksum = terms.checksum.map { Checksum($0.algorithm) }
        decoder = terms.isAWSChunked ? AWSChunkedDecoder() : nil
    }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) throws {
        guard var decoder else {
            try take(bytes)
            return
        }
        defer { self.decoder = decoder }
        try decoder.feed(bytes) { try take($0) }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) throws {
        size += Int64(bytes.count)
        guard size <= terms.bytes ?? UploadTerms.mostBytes else {
            throw terms.bytes == nil ? S3Error.tooLarge : S3Error.incompleteBody
        }
        md5?.update(bytes)
        sha256?.update(bytes)
        checksum?.update(bytes)
        try file.write(bytes)
    }

    /// The end of the body: whatever was promised about it is true now, or this throws.
    mutating func finish() throws -> IncomingContent {
        if let decoder, !decoder.isDone { throw S3Error.incompleteBody }
        if let bytes = terms.bytes, bytes != size { throw S3Error.incompleteBody }
        guard let digest = md5.take()?.finalize() else { preconditionFailure("an upload is finished once") }
        if let wanted = terms.md5, wanted != digest { throw S3Error.badDigest("Content-MD5") }
        if let wanted = terms.sha256, let found = sha256.take()?.finalize().hex, wanted != found {
            throw S3Error(
                400, "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.")
        }
        var content = IncomingContent(file: file.path, size: size, etag: Hexadecimal.text(digest))
        if let (algorithm, value) = terms.checksum, let found = checksum.take()?.finalize() {
            let found = Data(found).base64EncodedString()
            guard let wanted = value ?? decoder?.trailers[algorithm.header] else {
                throw S3Error(400, "MalformedTrailerError", "The trailer lacks \(algorithm.header).")
            }
            guard wanted == found else { throw S3Error.badDigest(algorithm.rawValue) }
            content.checksum = ObjectChecksum(algorithm: algorithm.rawValue, value: found)
        }
        return content
    }
}
