// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Hummingbird
import HummingbirdCore
import NIOCore

/// An object's bytes on their way out, a piece at a time. The file is open from the beginning: what happens to its name
/// meanwhile does not matter.
final class ObjectBody: Sendable {
    private static let pieceBytes = 256 << 10
    private let file: OwnedDescriptor
    private let range: Range<Int64>
    private let disk: DiskExecutor

    init(_ object: StoredObject, range: Range<Int64>, disk: DiskExecutor) throws {
        file = try OwnedDescriptor(reading: object.file)
        self.range = range
        self.disk = disk
    }

    var body: ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            var offset = self.range.lowerBound
            while offset < self.range.upperBound {
                let piece = try await self.piece(at: offset)
                offset += Int64(piece.readableBytes)
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
    }

    private func piece(at offset: Int64) async throws -> ByteBuffer {
        try await withTaskExecutorPreference(disk) {
            var buffer = ByteBuffer()
            let count = Int(min(Int64(Self.pieceBytes), range.upperBound - offset))
            let read = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                try file.read(into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]), at: offset)
            }
            // Blobs never change, so a short one is a damaged one; the connection ends short of the promised length.
            guard read > 0 else { throw BucketsError.cannot("read all of", path: file.path, why: "it ends early") }
            return buffer
        }
    }
}
