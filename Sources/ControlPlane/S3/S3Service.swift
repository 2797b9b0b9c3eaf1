// SPDX-License-Identifier: Apache-2.0

import AWSClient
import CheckpointStore
import HTTPTypes
import Hummingbird
import NIOCore

/// S3 over `Buckets`, as far as SDKs and their transfer tools use it.
struct S3Service: Sendable {
    static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
    /// A list of a thousand keys of a thousand bytes, every byte escaped.
    static let mostDocumentBytes = 8 << 20

    let buckets: Buckets

    func respond(to request: StageRequest, body: RequestBody) async -> Response {
        // Of its own for each request: what blocks on the disk holds up nobody else.
        let disk = DiskExecutor()
        let response = await withTaskExecutorPreference(disk) {
            do {
                let operation = try S3Operation(request)
                return try await carryOut(operation, request, body, disk)
            } catch let error as S3Error {
                return Self.response(to: error, request)
            } catch let error as BucketsError {
                return Self.response(to: S3Error(error), request)
            } catch {
                return Self.response(to: S3Error(.cannot("answer", path: request.rawPath, why: "")), request)
            }
        }
        return response
    }

    private func carryOut(
        _ operation: S3Operation, _ request: StageRequest, _ body: RequestBody, _ disk: DiskExecutor
    ) async throws -> Response {
        switch operation {
        case .listBuckets: return try listBuckets()
        case .headBucket(let bucket): return try headBucket(bucket)
        case .createBucket(let bucket): return try await createBucket(bucket, body)
        case .deleteBucket(let bucket): return try deleteBucket(bucket)
        case .bucketLocation(let bucket): return try location(of: bucket)
        case .bucketVersioning(let bucket): return try versioning(of: bucket)
        case .listObjects(let bucket, let version): return try list(bucket, version: version, request)
        case .listUploads(let bucket): return try listUploads(bucket, request)
        case .deleteObjects(let bucket): return try await deleteObjects(bucket, request, body)
        case .getObject(let bucket, let key): return try getObject(bucket, key, request, disk)
        case .headObject(let bucket, let key): return try headObject(bucket, key, request)
        case .putObject(let bucket, let key): return try await putObject(bucket, key, request, body)
        case .copyObject(let bucket, let key): return try copyObject(bucket, key, request)
        case .deleteObject(let bucket, let key): return try deleteObject(bucket, key, request)
        case .objectTags(let bucket, let key): return try tags(of: bucket, key)
        case .createUpload(let bucket, let key): return try createUpload(bucket, key, request)
        case .uploadPart(let bucket, let key, let upload, let number):
            return try await uploadPart(number, of: upload, bucket, key, request, body)
        case .copyPart(let bucket, let key, let upload, let number):
            return try copyPart(number, of: upload, bucket, key, request)
        case .listParts(let bucket, let key, let upload): return try listParts(of: upload, bucket, key, request)
        case .completeUpload(let bucket, let key, let upload):
            return try await completeUpload(upload, bucket, key, request, body)
        case .abortUpload(let bucket, let key, let upload):
            try buckets.abort(upload: upload, bucket: bucket, key: key)
            return Response(status: .noContent)
        }
    }

    /// Streams a body into a file and verifies it. The file is gone when this throws.
    func receive(_ request: StageRequest, _ body: RequestBody) async throws -> IncomingContent {
        let file = buckets.blobs.newIncoming()
        do {
            var upload = try Upload(UploadTerms(request), file: file)
            for try await piece in body {
                try piece.withUnsafeReadableBytes { try upload.receive($0) }
            }
            return try upload.finish()
        } catch {
            buckets.blobs.dropIncoming(file)
            throw error
        }
    }

    /// A small XML document in a body.
    func document(_ body: RequestBody) async throws -> XMLElement? {
        var bytes: [UInt8] = []
        for try await piece in body {
            bytes += piece.readableBytesView
            guard bytes.count <= Self.mostDocumentBytes else { throw S3Error.malformedXML }
        }
        if bytes.isEmpty { return nil }
        guard let root = XMLElement(bytes) else { throw S3Error.malformedXML }
        return root
    }

    static func response(to error: S3Error, _ request: StageRequest) -> Response {
        var error = error
        error.resource = request.rawPath
        let status = HTTPResponse.Status(code: error.status)
        // Of a HEAD's answer clients read the status alone.
        if request.method == "HEAD" { return Response(status: status) }
        return xml(error.document, status: status)
    }

    static func xml(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/xml"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static func document(_ name: String, _ children: XML.Node...) -> Response { document(name, children) }

    static func document(_ name: String, _ children: [XML.Node]) -> Response {
        xml(XML.document(name, namespace: namespace, children))
    }
}
