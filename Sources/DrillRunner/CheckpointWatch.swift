// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ProcessSupervision
import Synchronization

/// Tells of every change below a directory as it happens, on a thread of its own (inotify).
///
/// Whoever is told may be sure of the order, not of completeness: a file that was written before its new directory was
/// watched is told as created.
final class CheckpointWatch: Sendable {
    struct Change: Hashable, Sendable {
        enum Kind: Hashable, Sendable { case created, written, closed, movedAway, movedHere, removed }

        var kind: Kind
        /// Below the directory.
        var path: String
        var isDirectory: Bool
    }

    private let descriptor: Int32
    private let stopped = Atomic(false)

    /// `changed` is called on the watching thread, with what came in one go; it may ask for more with `next`.
    init(directory: String, changed: @escaping @Sendable (_ changes: [Change], _ next: () -> [Change]) -> Void) throws {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
        var watched = WatchedTree(descriptor: descriptor, root: directory)
        guard watched.add("", into: nil) else {
            close(descriptor)
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: directory])
        }
        nonisolated(unsafe) var tree = watched
        runOnOwnThread { [descriptor, self] in
            defer { close(descriptor) }
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while !stopped.load(ordering: .relaxed) {
                guard poll(&poller, 1, 100) > 0 else { continue }
                let changes = tree.read()
                if !changes.isEmpty { changed(changes) { tree.read() } }
            }
        }
    }

    /// Nothing is told any more once the thread has noticed. May be repeated.
    func stop() { stopped.store(true, ordering: .relaxed) }
}

/// Directories under watch and the paths of their descriptors.
private struct WatchedTree {
    private static let interest =
        UInt32(IN_CREATE) | UInt32(IN_MODIFY) | UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO)
        | UInt32(IN_DELETE) | UInt32(IN_ONLYDIR)

    let descriptor: Int32
    let root: String
    private var paths: [Int32: String] = [:]

    init(descriptor: Int32, root: String) {
        self.descriptor = descriptor
        self.root = root
    }

    /// Watches a directory below the root and all in it; what is there already goes into `found`.
    @discardableResult
    mutating func add(_ path: String, into found: UnsafeMutablePointer<[CheckpointWatch.Change]>?) -> Bool {
        let full = path.isEmpty ? root : root + "/" + path
        let watch = inotify_add_watch(descriptor, full, Self.interest)
        guard watch >= 0 else { return false }
        paths[watch] = path
        // A directory that is gone again has nothing in it.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: full)) ?? [] {
            let below = path.isEmpty ? name : path + "/" + name
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: root + "/" + below, isDirectory: &isDirectory) else {
                continue
            }
            found?.pointee.append(.init(kind: .created, path: below, isDirectory: isDirectory.boolValue))
            if isDirectory.boolValue { add(below, into: found) }
        }
        return true
    }

    /// What has come since; empty when nothing has.
    mutating func read() -> [CheckpointWatch.Change] {
        var changes: [CheckpointWatch.Change] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return [] }
        var offset = 0
        while offset + 16 <= count {
            let (watch, mask, length) = buffer.withUnsafeBytes { bytes in
                (
                    bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self),
                    bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self),
                    Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                )
            }
            let name = String(decoding: buffer[offset + 16..<offset + 16 + length].prefix { $0 != 0 }, as: UTF8.self)
            offset += 16 + length
            guard let parent = paths[watch], !name.isEmpty, let kind = Self.kind(mask) else { continue }
            let path = parent.isEmpty ? name : parent + "/" + name
            let isDirectory = mask & UInt32(IN_ISDIR) != 0
            changes.append(.init(kind: kind, path: path, isDirectory: isDirectory))
            // What a renamed directory holds was written elsewhere and came whole.
            if isDirectory, kind == .movedHere { add(path, into: nil) }
            if isDirectory, kind == .created { add(path, into: &changes) }
        }
        return changes
    }

    private static func kind(_ mask: UInt32) -> CheckpointWatch.Change.Kind? {
        let kinds: [(Int32, CheckpointWatch.Change.Kind)] = [
            (Int32(IN_CREATE), .created), (Int32(IN_MODIFY), .written), (Int32(IN_CLOSE_WRITE), .closed),
            (Int32(IN_MOVED_FROM), .movedAway), (Int32(IN_MOVED_TO), .movedHere), (Int32(IN_DELETE), .removed),
        ]
        return kinds.first { mask & UInt32($0.0) != 0 }?.1
    }
}
