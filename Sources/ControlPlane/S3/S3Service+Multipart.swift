// SPDX-License-Identifier: Apache-2.0

import AWSClient
import HTTPTypes
import Hummingbird
import TrainingJobs

extension S3Service {
    func createUpload(_ bucket: String, _ key: String, _ request: StageRequest) throws -> Response {
        let name = request.header("x-amz-checksum-algorithm")
        let algorithm = try name.map { name in
            guard let algorithm = ChecksumAlgorithm(rawValue: name.uppercased()) else {
                throw S3Error.invalidRequest("Checksum algorithm provided is unsupported.")
            }
            return algorithm
        }
        let id = try buckets.beginUpload(ObjectTerms(bucket: bucket, key: key, request), algorithm: algorithm)
        var response = Self.document(
            "InitiateMultipartUploadResult", XML.element("Bucket", bucket), XML.element("Key", key),
            XML.element("UploadId", id))
        if let algorithm { response.headers.setNamed("x-amz-checksum-algorithm", algorithm.rawValue) }
        return response
    }

    func uploadPart(
        _ number: Int, of upload: String, _ bucket: String, _ key: String, _ request: StageRequest, _ body: RequestBody
    ) async throws -> Response {
        // Before gigabytes are received for nothing.
        _ = try buckets.pendingUpload(upload, bucket: bucket, key: key)
        let content = try await receive(request, body)
        let part: UploadedPart
        do {
            part = try buckets.put(content, part: number, of: upload, bucket: bucket, key: key)
        } catch {
            buckets.blobs.dropIncoming(content.file)
            throw error
        }
        var response = Response(status: .ok)
        response.headers[.eTag] = EntityTag.quoted(part.etag)
        if let checksum = part.checksum, let algorithm = ChecksumAlgorithm(rawValue: checksum.algorithm) {
            response.headers.setNamed(algorithm.header, checksum.value)
        }
        return response
    }

    func listParts(of upload: String, _ bucket: String, _ key: String, _ request: StageRequest) throws -> Response {
        let after = request.parameter("part-number-marker").flatMap { Int($0) } ?? 0
        let most = min(1000, max(1, request.parameter("max-parts").flatMap { Int($0) } ?? 1000))
        let all = try buckets.parts(of: upload, bucket: bucket, key: key).filter { $0.number > after }
        let page = all.prefix(most)
        var children = [
            XML.element("Bucket", bucket), XML.element("Key", key), XML.element("UploadId", upload),
            Self.owner("Initiator"), Self.owner("Owner"), XML.element("StorageClass", "STANDARD"),
            XML.element("PartNumberMarker", String(after)),
            XML.element("NextPartNumberMarker", String(page.last?.number ?? 0)),
            XML.element("MaxParts", String(most)), XML.element("IsTruncated", String(page.count < all.count)),
        ]
        children += page.map { part in
            var members = [
                XML.element("PartNumber", String(part.number)), XML.element("LastModified", part.modified.iso8601),
                XML.element("ETag", EntityTag.quoted(part.etag)), XML.element("Size", String(part.size)),
            ]
            if let checksum = part.checksum {
                members.append(XML.element("Checksum" + checksum.algorithm, checksum.value))
            }
            return XML.element("Part", members)
        }
        return Self.document("ListPartsResult", children)
    }

    func completeUpload(
        _ upload: String, _ bucket: String, _ key: String, _ request: StageRequest, _ body: RequestBody
    ) async throws -> Response {
        guard let root = try await document(body), root.name == "CompleteMultipartUpload" else {
            throw S3Error.malformedXML
        }
        let condition = try WriteCondition(request)
        let stored = Dictionary(
            uniqueKeysWithValues: try buckets.parts(of: upload, bucket: bucket, key: key).map { ($0.number, $0) })
        var named: [NamedPart] = []
        for part in root.children where part.name == "Part" {
            guard let number = part.child("PartNumber").flatMap({ Int($0.text) }),
                let etag = part.child("ETag").map({ EntityTag.bare($0.text) })
            else { throw S3Error.malformedXML }
            for algorithm in ChecksumAlgorithm.allCases {
                guard let value = part.child(algorithm.element)?.text else { continue }
                let known = stored[number]?.checksum
                guard known == ObjectChecksum(algorithm: algorithm.rawValue, value: value) else {
                    throw BucketsError.invalidPart(number)
                }
            }
            named.append(NamedPart(number: number, etag: etag))
        }
        guard !named.isEmpty else { throw S3Error.malformedXML }
        let whole = ChecksumAlgorithm.allCases.lazy.compactMap { algorithm in
            request.header(algorithm.header).map { ObjectChecksum(algorithm: algorithm.rawValue, value: $0) }
        }.first { !$0.value.contains("-") }
        let object = try buckets.complete(
            upload: upload, bucket: bucket, key: key, parts: named, condition: condition, whole: whole)
        var children = [
            XML.element("Location", "http://\(request.host)\(request.rawPath)"), XML.element("Bucket", bucket),
            XML.element("Key", key), XML.element("ETag", EntityTag.quoted(object.etag)),
        ]
        if let checksum = object.checksum {
            children.append(XML.element("Checksum" + checksum.algorithm, checksum.value))
            children.append(
                XML.element("ChecksumType", checksum.value.contains("-") ? "COMPOSITE" : "FULL_OBJECT"))
        }
        return Self.document("CompleteMultipartUploadResult", children)
    }
}
