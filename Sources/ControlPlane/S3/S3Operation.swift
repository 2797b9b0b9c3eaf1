// SPDX-License-Identifier: Apache-2.0

import AWSClient

/// What a request to S3 asks for; method, path and query tell.
enum S3Operation: Hashable, Sendable {
    case listBuckets
    case headBucket(String)
    case createBucket(String)
    case deleteBucket(String)
    case bucketLocation(String)
    case bucketVersioning(String)
    case listObjects(String, version: Int)
    case listUploads(String)
    case deleteObjects(String)
    case getObject(String, String)
    case headObject(String, String)
    case putObject(String, String)
    case copyObject(String, String)
    case deleteObject(String, String)
    case objectTags(String, String)
    case createUpload(String, String)
    case uploadPart(String, String, upload: String, number: Int)
    case copyPart(String, String, upload: String, number: Int)
    case listParts(String, String, upload: String)
    case completeUpload(String, String, upload: String)
    case abortUpload(String, String, upload: String)

    /// Addresses are path-style, which every client uses with an endpoint of one's own.
    init(_ request: StageRequest) throws(S3Error) {
        let path = request.rawPath.utf8.dropFirst()
        let slash = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
        guard let bucket = PresentedRequest.decoded(String(decoding: path[..<slash], as: UTF8.self)),
            let key = PresentedRequest.decoded(String(decoding: path[slash...].dropFirst(), as: UTF8.self))
        else { throw .invalidAddress }
        if bucket.isEmpty {
            guard key.isEmpty else { throw .invalidAddress }
            guard request.method == "GET" else { throw .methodNotAllowed }
            self = .listBuckets
        } else if key.isEmpty {
            self = try Self.onBucket(bucket, request)
        } else {
            guard key.utf8.count <= 1024 else { throw S3Error(BucketsError.invalidKey(bytes: key.utf8.count)) }
            self = try Self.onObject(bucket, key, request)
        }
    }

    private static func onBucket(_ bucket: String, _ request: StageRequest) throws(S3Error) -> S3Operation {
        let plain = try resource(of: request, among: ["location", "versioning", "uploads", "delete"])
        switch (request.method, plain) {
        case ("HEAD", nil): return .headBucket(bucket)
        case ("PUT", nil): return .createBucket(bucket)
        case ("DELETE", nil): return .deleteBucket(bucket)
        case ("GET", "location"): return .bucketLocation(bucket)
        case ("GET", "versioning"): return .bucketVersioning(bucket)
        case ("GET", "uploads"): return .listUploads(bucket)
        case ("GET", nil):
            return .listObjects(bucket, version: request.parameter("list-type") == "2" ? 2 : 1)
        case ("POST", "delete"): return .deleteObjects(bucket)
        default: throw .methodNotAllowed
        }
    }

    private static func onObject(_ bucket: String, _ key: String, _ request: StageRequest) throws(S3Error)
        -> S3Operation
    {
        let plain = try resource(of: request, among: ["uploads", "uploadId", "tagging"])
        let upload = request.parameter("uploadId") ?? ""
        let isCopy = request.header("x-amz-copy-source") != nil
        switch (request.method, plain) {
        case ("GET", nil): return .getObject(bucket, key)
        case ("HEAD", nil): return .headObject(bucket, key)
        case ("PUT", nil): return isCopy ? .copyObject(bucket, key) : .putObject(bucket, key)
        case ("DELETE", nil): return .deleteObject(bucket, key)
        case ("GET", "tagging"): return .objectTags(bucket, key)
        case ("POST", "uploads"): return .createUpload(bucket, key)
        case ("PUT", "uploadId"):
            guard let number = request.parameter("partNumber").flatMap({ Int($0) }), (1...10_000).contains(number)
            else { throw .invalidArgument("Part number must be an integer between 1 and 10000, inclusive") }
            return isCopy
                ? .copyPart(bucket, key, upload: upload, number: number)
                : .uploadPart(bucket, key, upload: upload, number: number)
        case ("GET", "uploadId"): return .listParts(bucket, key, upload: upload)
        case ("POST", "uploadId"): return .completeUpload(bucket, key, upload: upload)
        case ("DELETE", "uploadId"): return .abortUpload(bucket, key, upload: upload)
        default: throw .methodNotAllowed
        }
    }

    /// The sub-resource that the query names. One that the stage lacks must not look like the object itself.
    private static func resource(of request: StageRequest, among known: [String]) throws(S3Error) -> String? {
        let lacking: Set = [
            "acl", "attributes", "cors", "encryption", "legal-hold", "lifecycle", "logging", "notification",
            "object-lock", "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "replication",
            "requestPayment", "restore", "retention", "select", "tagging", "torrent", "versionId", "versions",
            "website",
            "accelerate", "analytics", "inventory", "metrics", "intelligent-tiering",
        ]
        for field in request.parameters {
            if known.contains(field.name) { return field.name }
            if lacking.contains(field.name) { throw .notImplemented("?\(field.name)") }
        }
        return nil
    }
}
