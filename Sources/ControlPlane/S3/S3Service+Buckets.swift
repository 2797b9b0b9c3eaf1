// SPDX-License-Identifier: Apache-2.0

import AWSClient
import Hummingbird
import TrainingJobs

extension S3Service {
    func listBuckets() throws -> Response {
        let list = try buckets.buckets().map { bucket in
            XML.element(
                "Bucket", XML.element("Name", bucket.name), XML.element("CreationDate", bucket.created.iso8601))
        }
        return Self.document("ListAllMyBucketsResult", Self.owner("Owner"), XML.element("Buckets", list))
    }

    func headBucket(_ bucket: String) throws -> Response {
        try known(bucket)
        var response = Response(status: .ok)
        response.headers.setNamed("x-amz-bucket-region", StageIdentity.defaultRegion)
        return response
    }

    /// May be repeated: all buckets are the caller's. Where it says that it wants to be is accepted as it is.
    func createBucket(_ bucket: String, _ body: RequestBody) async throws -> Response {
        let document = try await document(body)
        if let document, document.name != "CreateBucketConfiguration" { throw S3Error.malformedXML }
        try buckets.create(bucket)
        var response = Response(status: .ok)
        response.headers.setNamed("location", "/" + bucket)
        return response
    }

    func deleteBucket(_ bucket: String) throws -> Response {
        try buckets.delete(bucket)
        return Response(status: .noContent)
    }

    /// Empty: us-east-1, or rather none.
    func location(of bucket: String) throws -> Response {
        try known(bucket)
        return Self.document("LocationConstraint")
    }

    /// Never switched on.
    func versioning(of bucket: String) throws -> Response {
        try known(bucket)
        return Self.document("VersioningConfiguration")
    }

    func known(_ bucket: String) throws {
        guard try buckets.exists(bucket) else { throw BucketsError.noSuchBucket(bucket) }
    }

    static func owner(_ name: String) -> XML.Node {
        XML.element(
            name, XML.element("ID", StageIdentity.account), XML.element("DisplayName", StageIdentity.user))
    }
}
