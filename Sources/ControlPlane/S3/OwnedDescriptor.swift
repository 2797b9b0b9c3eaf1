// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file descriptor that closes itself. `path` is for errors only.
struct OwnedDescriptor: ~Copyable, Sendable {
    let path: String
    private let descriptor: Int32

    /// A new file, readable by its owner alone.
    init(creating path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BucketsError.last("create", path) }
    }

    init(reading path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw BucketsError.last("open", path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw BucketsError.last("write", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// How many bytes were read; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw BucketsError.last("read", path) }
            return count
        }
    }

    /// All of a small file.
    static func bytes(of path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try OwnedDescriptor(reading: path).forEachPiece { bytes += $0 }
        return bytes
    }

    /// Hands over the whole file in pieces; returns its size.
    @discardableResult
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Int64 {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset: Int64 = 0
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read(into: $0, at: offset) }
            if count == 0 { return offset }
            try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            offset += Int64(count)
        }
    }
}
