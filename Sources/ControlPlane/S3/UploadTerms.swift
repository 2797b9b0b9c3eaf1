// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the head of an upload says about the bytes that follow.
struct UploadTerms: Sendable {
    /// What S3 takes in one request.
    static let mostBytes: Int64 = 5 << 30

    var isAWSChunked: Bool
    /// Of the payload, once a frame around it is taken off; `nil` where only the end will tell.
    var bytes: Int64?
    /// 64 digits.
    var sha256: String?
    var md5: [UInt8]?
    /// To be computed, with the value that the head gives; without one the trailer has to.
    var checksum: (algorithm: ChecksumAlgorithm, value: String?)?

    init(_ request: StageRequest) throws {
        let hash = request.header("x-amz-content-sha256")
        isAWSChunked = hash?.hasPrefix("STREAMING-") == true
        let length = request.header(isAWSChunked ? "x-amz-decoded-content-length" : "content-length")
        bytes = try length.map { text in
            guard let bytes = Int64(text), bytes >= 0 else {
                throw S3Error.invalidArgument("A length is not a number.")
            }
            guard bytes <= Self.mostBytes else { throw S3Error.tooLarge }
            return bytes
        }
        if bytes == nil, request.header("transfer-encoding") == nil {
            throw S3Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
        }
        sha256 = hash.flatMap { $0.wholeMatch(of: /[0-9a-fA-F]{64}/) != nil ? $0.lowercased() : nil }
        md5 = try request.header("content-md5").map { text in
            guard let digest = Data(base64Encoded: text), digest.count == 16 else {
                throw S3Error(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
            }
            return Array(digest)
        }
        checksum = nil
        for algorithm in ChecksumAlgorithm.allCases {
            guard let value = request.header(algorithm.header) else { continue }
            guard checksum == nil else {
                throw S3Error.invalidRequest("Expecting a single x-amz-checksum- header.")
            }
            checksum = (algorithm, value)
        }
        if checksum == nil, let trailer = request.header("x-amz-trailer"), isAWSChunked {
            checksum = ChecksumAlgorithm(header: trailer).map { ($0, nil) }
        }
    }
}
