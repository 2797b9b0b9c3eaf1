// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open file descriptor that closes itself. `path` is for messages only.
package final class OpenFile: Sendable {
    let descriptor: Int32
    let path: String
    private let gate: EffectGate

    init(owning descriptor: Int32, path: String, gate: EffectGate) {
        self.descriptor = descriptor
        self.path = path
        self.gate = gate
    }

    // What close answers is of no use here: whatever must be durable was synced before.
    deinit { _ = close(descriptor) }

    func status() throws(IOFailure) -> FileStatus {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last("stat", path) }
        return FileStatus(status)
    }

    /// Reads until `count` bytes or the end of the file, whichever is first.
    func read(upTo count: Int) throws(IOFailure) -> [UInt8] {
        var failure: IOFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let got = uninterrupted {
                    Self.read(descriptor, into: buffer.baseAddress.map { $0 + filled }, count - filled)
                }
                if got < 0 { failure = .last("read", path) }
                if got <= 0 { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Appends all of `bytes`; durable only after `sync`.
    func write(_ bytes: [UInt8]) throws {
        do {
            try gate.pass(.write(path, bytes: bytes.count))
        } catch let torn as TornWrite {
            try write(bytes, count: min(torn.bytes, bytes.count))
            throw torn
        }
        try write(bytes, count: bytes.count)
    }

    func sync() throws {
        try gate.pass(.syncFile(path))
        guard fsync(descriptor) == 0 else { throw IOFailure.last("fsync", path) }
    }

    private func write(_ bytes: [UInt8], count: Int) throws(IOFailure) {
        let failure = bytes.withUnsafeBytes { buffer -> IOFailure? in
            var written = 0
            while written < count {
                let put = uninterrupted {
                    Self.write(descriptor, buffer.baseAddress.map { $0 + written }, count - written)
                }
                guard put > 0 else { return .last("write", path) }
                written += put
            }
            return nil
        }
        if let failure { throw failure }
    }

    private static func read(_ descriptor: Int32, into start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, start, count)
        #elseif canImport(Musl)
            Musl.read(descriptor, start, count)
        #else
            Darwin.read(descriptor, start, count)
        #endif
    }

    private static func write(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #elseif canImport(Musl)
            Musl.write(descriptor, start, count)
        #else
            Darwin.write(descriptor, start, count)
        #endif
    }
}
