// SPDX-License-Identifier: Apache-2.0

import AWSClient
import Foundation
import Hummingbird
import TrainingJobs

extension S3Service {
    func list(_ bucket: String, version: Int, _ request: StageRequest) throws -> Response {
        var query = ListingQuery(bucket: bucket)
        query.prefix = request.parameter("prefix") ?? ""
        query.delimiter = request.parameter("delimiter") ?? ""
        if let text = request.parameter("max-keys"), !text.isEmpty {
            guard let most = Int(text), most >= 0 else {
                throw S3Error.invalidArgument("Argument maxKeys must be an integer between 0 and 2147483647")
            }
            query.most = min(most, 1000)
        }
        let marker = request.parameter(version == 2 ? "start-after" : "marker") ?? ""
        query.after = Array(marker.utf8)
        let token = version == 2 ? request.parameter("continuation-token") : nil
        if let token {
            guard let after = Data(base64Encoded: token) else {
                throw S3Error.invalidArgument("The continuation token provided is incorrect")
            }
            query.after = Array(after)
        }
        let page = try buckets.page(query)
        let text = try encoding(request)

        var children = [
            XML.element("Name", bucket), XML.element("Prefix", text(query.prefix)),
            XML.element("MaxKeys", String(query.most)), XML.element("IsTruncated", String(page.isTruncated)),
        ]
        if !query.delimiter.isEmpty { children.append(XML.element("Delimiter", text(query.delimiter))) }
        if request.parameter("encoding-type") != nil { children.append(XML.element("EncodingType", "url")) }
        let last = page.isTruncated ? page.entries.last?.name : nil
        if version == 2 {
            children.append(XML.element("KeyCount", String(page.entries.count)))
            if let token { children.append(XML.element("ContinuationToken", token)) }
            if !marker.isEmpty { children.append(XML.element("StartAfter", text(marker))) }
            if let last {
                let next = Data(last.utf8).base64EncodedString()
                children.append(XML.element("NextContinuationToken", next))
            }
        } else {
            children.append(XML.element("Marker", text(marker)))
            if let last, !query.delimiter.isEmpty { children.append(XML.element("NextMarker", text(last))) }
        }
        let withOwner = version == 1 || request.parameter("fetch-owner") == "true"
        for entry in page.entries {
            guard case .object(let object) = entry else { continue }
            var members = [
                XML.element("Key", text(object.key)), XML.element("LastModified", object.modified.iso8601),
                XML.element("ETag", EntityTag.quoted(object.etag)),
            ]
            if let checksum = object.checksum {
                members.append(XML.element("ChecksumAlgorithm", checksum.algorithm))
            }
            members += [XML.element("Size", String(object.size)), XML.element("StorageClass", "STANDARD")]
            if withOwner { members.append(Self.owner("Owner")) }
            children.append(XML.element("Contents", members))
        }
        for case .commonPrefix(let prefix) in page.entries {
            children.append(XML.element("CommonPrefixes", XML.element("Prefix", text(prefix))))
        }
        return Self.document("ListBucketResult", children)
    }

    func listUploads(_ bucket: String, _ request: StageRequest) throws -> Response {
        let prefix = request.parameter("prefix") ?? ""
        let text = try encoding(request)
        let uploads = try buckets.uploads(in: bucket, prefix: prefix)
        var children = [
            XML.element("Bucket", bucket), XML.element("Prefix", text(prefix)), XML.element("KeyMarker", ""),
            XML.element("UploadIdMarker", ""), XML.element("MaxUploads", String(max(1000, uploads.count))),
            XML.element("IsTruncated", "false"),
        ]
        if request.parameter("encoding-type") != nil { children.append(XML.element("EncodingType", "url")) }
        children += uploads.map { upload in
            XML.element(
                "Upload", XML.element("Key", text(upload.key)), XML.element("UploadId", upload.id),
                Self.owner("Initiator"), Self.owner("Owner"), XML.element("StorageClass", "STANDARD"),
                XML.element("Initiated", upload.created.iso8601))
        }
        return Self.document("ListMultipartUploadsResult", children)
    }

    /// How names are written, as the request wants it.
    private func encoding(_ request: StageRequest) throws -> (String) -> String {
        switch request.parameter("encoding-type") {
        case nil: { $0 }
        case "url": { AWSRequest.encoded($0, keeping: "/") }
        default: throw S3Error.invalidArgument("Invalid Encoding Method specified in Request")
        }
    }
}
