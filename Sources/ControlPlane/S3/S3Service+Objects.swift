// SPDX-License-Identifier: Apache-2.0

import AWSClient
import CheckpointStore
import HTTPTypes
import Hummingbird

extension S3Service {
    func putObject(_ bucket: String, _ key: String, _ request: StageRequest, _ body: RequestBody) async throws
        -> Response
    {
        try Buckets.check(bucket: bucket)
        var terms = try ObjectTerms(bucket: bucket, key: key, request)
        terms.condition = try WriteCondition(request)
        let content = try await receive(request, body)
        let object: StoredObject
        do {
            object = try buckets.put(content, as: terms)
        } catch {
            buckets.blobs.dropIncoming(content.file)
            throw error
        }
        var response = Response(status: .ok)
        response.headers[.eTag] = EntityTag.quoted(object.etag)
        response.headers.set(object.checksum)
        return response
    }

    func getObject(_ bucket: String, _ key: String, _ request: StageRequest, _ disk: DiskExecutor) throws -> Response {
        let object = try self.object(bucket, key)
        guard let (head, range) = try head(of: object, request) else { return notModified(object) }
        var response = Response(
            status: head.status, headers: head.headers, body: try ObjectBody(object, range: range, disk: disk).body)
        for field in request.parameters where field.name.hasPrefix("response-") {
            let name = String(field.name.dropFirst("response-".count))
            if Self.overridable.contains(name) { response.headers.setNamed(name, field.value) }
        }
        return response
    }

    func headObject(_ bucket: String, _ key: String, _ request: StageRequest) throws -> Response {
        let object = try self.object(bucket, key)
        guard let (head, range) = try head(of: object, request) else { return notModified(object) }
        var headers = head.headers
        headers[.contentLength] = String(range.count)
        return Response(status: head.status, headers: headers)
    }

    func deleteObject(_ bucket: String, _ key: String, _ request: StageRequest) throws -> Response {
        try known(bucket)
        let condition = request.header("if-match").map { WriteCondition.ifMatch(EntityTag.bare($0)) } ?? .always
        try buckets.delete(bucket: bucket, key: key, condition: condition)
        return Response(status: .noContent)
    }

    func deleteObjects(_ bucket: String, _ request: StageRequest, _ body: RequestBody) async throws -> Response {
        try known(bucket)
        let content = try await receive(request, body)
        defer { buckets.blobs.dropIncoming(content.file) }
        guard content.size <= Self.mostDocumentBytes,
            let root = XMLElement(try OwnedDescriptor.bytes(of: content.file)),
            root.name == "Delete"
        else { throw S3Error.malformedXML }
        let objects = root.children.filter { $0.name == "Object" }
        guard (1...1000).contains(objects.count) else { throw S3Error.malformedXML }
        let isQuiet = root.child("Quiet")?.text == "true"
        var results: [XML.Node] = []
        for object in objects {
            guard let key = object.child("Key")?.text, !key.isEmpty else { throw S3Error.malformedXML }
            do {
                let tag = object.child("ETag").map { WriteCondition.ifMatch(EntityTag.bare($0.text)) }
                try buckets.delete(bucket: bucket, key: key, condition: tag ?? .always)
                if !isQuiet { results.append(XML.element("Deleted", XML.element("Key", key))) }
            } catch let error as BucketsError {
                let error = S3Error(error)
                results.append(
                    XML.element(
                        "Error", XML.element("Key", key), XML.element("Code", error.code),
                        XML.element("Message", error.message)))
            }
        }
        return Self.document("DeleteResult", results)
    }

    /// None: the stage keeps no tags of objects.
    func tags(of bucket: String, _ key: String) throws -> Response {
        _ = try object(bucket, key)
        return Self.document("Tagging", XML.element("TagSet"))
    }

    func object(_ bucket: String, _ key: String) throws -> StoredObject {
        guard let object = try buckets.object(bucket: bucket, key: key) else {
            try known(bucket)
            throw BucketsError.noSuchKey(key)
        }
        return object
    }

    private static let overridable: Set = [
        "cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires",
    ]

    /// Status, fields and bytes of an answer; `nil` where the object is what the client has already.
    private func head(of object: StoredObject, _ request: StageRequest) throws -> (
        head: (status: HTTPResponse.Status, headers: HTTPFields), range: Range<Int64>
    )? {
        switch ReadCondition(request).verdict(on: object) {
        case .failed: throw S3Error.preconditionFailed
        case .notModified: return nil
        case .go: break
        }
        if request.parameter("partNumber") != nil { throw S3Error.notImplemented("partNumber on objects") }
        var headers = object.headers
        var range: Range<Int64> = 0..<object.size
        var status = HTTPResponse.Status.ok
        switch ByteRange(request.header("range"), size: object.size) {
        case .whole:
            if request.header("x-amz-checksum-mode")?.uppercased() == "ENABLED" { headers.set(object.checksum) }
        case .part(let part):
            range = part
            status = .partialContent
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(object.size)"
        case .unsatisfiable:
            throw S3Error(416, "InvalidRange", "The requested range is not satisfiable")
        }
        return ((status, headers), range)
    }

    private func notModified(_ object: StoredObject) -> Response {
        Response(status: .notModified, headers: object.headers)
    }
}

extension ObjectTerms {
    /// Fields that are kept and given back, beside `x-amz-meta-…`.
    private static let kept: Set = ["cache-control", "content-disposition", "content-language", "expires"]
    private static let mostMetadataBytes = 2048

    /// What the head of a writing request says about the object.
    init(bucket: String, key: String, _ request: StageRequest) throws {
        self.init(bucket: bucket, key: key)
        contentType = request.header("content-type").flatMap { $0.isEmpty ? nil : $0 } ?? contentType
        for field in request.headers {
            let name = field.name.canonicalName
            if name.hasPrefix("x-amz-meta-") || Self.kept.contains(name) {
                metadata[name] = metadata[name].map { $0 + "," + field.value } ?? field.value
            }
        }
        // The frame of the transfer is no property of the object.
        let encodings = (request.header("content-encoding") ?? "").split(separator: ",")
            .map { $0.filter { $0 != " " } }.filter { $0.lowercased() != "aws-chunked" && !$0.isEmpty }
        if !encodings.isEmpty { metadata["content-encoding"] = encodings.joined(separator: ",") }
        let bytes = metadata.filter { $0.key.hasPrefix("x-amz-meta-") }.map { $0.key.utf8.count + $0.value.utf8.count }
        guard bytes.reduce(0, +) <= Self.mostMetadataBytes + 11 * bytes.count else {
            throw S3Error(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
        }
    }
}

extension WriteCondition {
    init(_ request: StageRequest) throws {
        switch (request.header("if-none-match"), request.header("if-match")) {
        case (nil, nil): self = .always
        case ("*", nil): self = .ifAbsent
        case (nil, let tag?): self = .ifMatch(EntityTag.bare(tag))
        default: throw S3Error.notImplemented("this combination of If-None-Match and If-Match on a write")
        }
    }
}

extension StoredObject {
    /// All that is told about an object but its length and checksum.
    var headers: HTTPFields {
        var headers: HTTPFields = [
            .contentType: contentType, .eTag: EntityTag.quoted(etag), .lastModified: HTTPDate.text(modified),
            .acceptRanges: "bytes",
        ]
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { headers.setNamed(name, value) }
        return headers
    }
}

extension HTTPFields {
    mutating func setNamed(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { self[name] = value }
    }

    mutating func set(_ checksum: ObjectChecksum?) {
        guard let checksum, let algorithm = ChecksumAlgorithm(rawValue: checksum.algorithm) else { return }
        setNamed(algorithm.header, checksum.value)
        setNamed("x-amz-checksum-type", checksum.value.contains("-") ? "COMPOSITE" : "FULL_OBJECT")
    }
}
