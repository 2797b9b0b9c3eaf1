// SPDX-License-Identifier: Apache-2.0

import AWSClient
import Digests
import Foundation
import Hummingbird
import TrainingJobs

extension S3Service {
    func copyObject(_ bucket: String, _ key: String, _ request: StageRequest) throws -> Response {
        let source = try source(request)
        var terms = ObjectTerms(
            bucket: bucket, key: key, contentType: source.contentType, metadata: source.metadata)
        switch request.header("x-amz-metadata-directive")?.uppercased() {
        case "REPLACE": terms = try ObjectTerms(bucket: bucket, key: key, request)
        case nil, "COPY":
            if source.bucket == bucket, source.key == key {
                throw S3Error.invalidRequest(
                    "This copy request is illegal because it is trying to copy an object to itself without changing "
                        + "the object's metadata, storage class, website redirect location or encryption attributes.")
            }
        default: throw S3Error.invalidArgument("Unknown metadata directive.")
        }
        terms.condition = try WriteCondition(request)
        // Blobs never change, so a second name of the same bytes is a copy.
        let file = try buckets.blobs.broughtHere(source.file)
        let object: StoredObject
        do {
            object = try buckets.put(
                IncomingContent(file: file, size: source.size, etag: source.etag, checksum: source.checksum), as: terms)
        } catch {
            buckets.blobs.dropIncoming(file)
            throw error
        }
        return Self.document("CopyObjectResult", Self.result(object.etag, object.modified.iso8601))
    }

    func copyPart(
        _ number: Int, of upload: String, _ bucket: String, _ key: String, _ request: StageRequest
    ) throws -> Response {
        let source = try source(request)
        var range: Range<Int64> = 0..<source.size
        if let field = request.header("x-amz-copy-source-range") {
            guard case .part(let part) = ByteRange(field, size: source.size) else {
                throw S3Error.invalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last")
            }
            range = part
        }
        let file = buckets.blobs.newIncoming()
        do {
            let content = try Self.cut(range, of: source.file, into: file)
            let part = try buckets.put(content, part: number, of: upload, bucket: bucket, key: key)
            return Self.document("CopyPartResult", Self.result(part.etag, part.modified.iso8601))
        } catch {
            buckets.blobs.dropIncoming(file)
            throw error
        }
    }

    private static func result(_ etag: String, _ modified: String) -> [XML.Node] {
        [XML.element("LastModified", modified), XML.element("ETag", EntityTag.quoted(etag))]
    }

    private func source(_ request: StageRequest) throws -> StoredObject {
        let text = request.header("x-amz-copy-source") ?? ""
        let path = text.prefix { $0 != "?" }.drop { $0 == "/" }
        guard !text.contains("?versionId=") else { throw S3Error.notImplemented("versions") }
        guard let decoded = PresentedRequest.decoded(String(path)),
            let slash = decoded.utf8.firstIndex(of: UInt8(ascii: "/")), slash != decoded.startIndex
        else { throw S3Error.invalidArgument("Invalid copy source object key") }
        let object = try object(
            String(decoded[..<slash]), String(decoding: decoded.utf8[slash...].dropFirst(), as: UTF8.self))
        guard ReadCondition(request, prefix: "x-amz-copy-source-").verdict(on: object) == .go else {
            throw S3Error.preconditionFailed
        }
        return object
    }

    private static func cut(_ range: Range<Int64>, of source: String, into path: String) throws -> IncomingContent {
        let input = try OwnedDescriptor(reading: source)
        let output = try OwnedDescriptor(creating: path)
        var hash = ContentHash(.md5)
        var offset = range.lowerBound
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while offset < range.upperBound {
            let wanted = min(buffer.count, Int(range.upperBound - offset))
            let count = try buffer.withUnsafeMutableBytes {
                try input.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<wanted]), at: offset)
            }
            guard count > 0 else { throw BucketsError.cannot("read all of", path: source, why: "it ends early") }
            try buffer.withUnsafeBytes { bytes in
                let piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                hash.update(piece)
                try output.write(piece)
            }
            offset += Int64(count)
        }
        return IncomingContent(file: path, size: Int64(range.count), etag: Hexadecimal.text(hash.finalize()))
    }
}
