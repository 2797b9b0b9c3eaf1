// SPDX-License-Identifier: Apache-2.0

/// A refusal in S3's words.
struct S3Error: Error, Hashable {
    var status: Int
    var code: String
    var message: String
    /// The part of the request that it is about.
    var resource = ""

    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static let malformedXML = S3Error(
        400, "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema")
    static let invalidAddress = S3Error(400, "InvalidURI", "Couldn't parse the specified URI.")
    static let preconditionFailed = S3Error(
        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
    static let incompleteBody = S3Error(
        400, "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header")
    static let tooLarge = S3Error(
        400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.")
    static let methodNotAllowed = S3Error(
        405, "MethodNotAllowed", "The specified method is not allowed against this resource.")

    static func badDigest(_ name: String) -> S3Error {
        S3Error(400, "BadDigest", "The \(name) you specified did not match the calculated checksum.")
    }

    static func invalidArgument(_ message: String) -> S3Error { S3Error(400, "InvalidArgument", message) }
    static func invalidRequest(_ message: String) -> S3Error { S3Error(400, "InvalidRequest", message) }

    static func notImplemented(_ what: String) -> S3Error {
        S3Error(501, "NotImplemented", "The stage does not implement \(what).")
    }

    init(_ error: BucketsError) {
        switch error {
        case .invalidBucketName:
            self.init(400, "InvalidBucketName", "The specified bucket is not valid.")
        case .invalidKey(let bytes) where bytes > 1024: self.init(400, "KeyTooLongError", "Your key is too long")
        case .invalidKey: self = .invalidAddress
        case .noSuchBucket: self.init(404, "NoSuchBucket", "The specified bucket does not exist")
        case .noSuchKey: self.init(404, "NoSuchKey", "The specified key does not exist.")
        case .bucketNotEmpty:
            self.init(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
        case .preconditionFailed: self = .preconditionFailed
        case .noSuchUpload:
            self.init(
                404, "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted "
                    + "or completed.")
        case .invalidPart:
            self.init(
                400, "InvalidPart",
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
                    + "specified entity tag may not match the part's entity tag.")
        case .partsOutOfOrder:
            self.init(
                400, "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part number.")
        case .partTooSmall:
            self.init(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        case .wrongChecksum(let name): self = .badDigest(name)
        case .inUse, .newerFormat, .cannot:
            // Paths and reasons are the operator's, not the client's.
            self.init(500, "InternalError", "We encountered an internal error. Please try again.")
        }
    }

    var document: String {
        XML.document(
            "Error", namespace: nil, XML.element("Code", code), XML.element("Message", message),
            XML.element("Resource", resource), XML.element("RequestId", RequestID.new()))
    }
}
