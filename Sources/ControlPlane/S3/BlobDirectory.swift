// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of a store, under names of its own: what a client calls its objects never meets the file system.
struct BlobDirectory: Sendable {
    let path: String
    private var blobs: String { path + "/blobs" }
    private var incoming: String { path + "/incoming" }

    /// May be repeated. The directories are their owner's alone.
    init(path: String) throws {
        self.path = path
        for directory in [path, blobs, incoming] {
            do {
                try FileManager.default.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw BucketsError.cannot("create", path: directory, why: error.localizedDescription)
            }
        }
    }

    func file(_ blob: String) -> String { blobs + "/" + blob }

    /// A path that nobody uses, for bytes on their way in.
    func newIncoming() -> String { incoming + "/" + Self.newName() }

    /// Makes a file ours: its bytes are durable, and so is its name. Returns the blob's name.
    func adopt(_ file: String) throws -> String {
        let name = Self.newName()
        let descriptor = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw BucketsError.last("open", file) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw BucketsError.last("set the mode of", file) }
        guard fsync(descriptor) == 0 else { throw BucketsError.last("fsync", file) }
        guard rename(file, self.file(name)) == 0 else { throw BucketsError.last("move", file) }
        try Self.sync(blobs)
        return name
    }

    /// A second name of a file, beside the blobs; a copy where it lies on another file system. The first name stays.
    func broughtHere(_ file: String) throws -> String {
        let here = newIncoming()
        if link(file, here) == 0 { return here }
        do {
            try FileManager.default.copyItem(atPath: file, toPath: here)
        } catch {
            throw BucketsError.cannot("copy", path: file, why: error.localizedDescription)
        }
        return here
    }

    /// May be repeated, also when it was adopted.
    func dropIncoming(_ file: String) { unlink(file) }

    func remove(_ blob: String) { unlink(file(blob)) }

    func names() throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: blobs)
        } catch {
            throw BucketsError.cannot("read", path: blobs, why: error.localizedDescription)
        }
    }

    /// What uploads left that a dead server did not finish.
    func removeIncoming() throws {
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: incoming) { unlink(incoming + "/" + name) }
        } catch {
            throw BucketsError.cannot("read", path: incoming, why: error.localizedDescription)
        }
    }

    private static func newName() -> String { UUID().uuidString.lowercased() }

    private static func sync(_ directory: String) throws {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BucketsError.last("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw BucketsError.last("fsync", directory) }
    }
}

extension BucketsError {
    static func last(_ action: String, _ path: String) -> BucketsError {
        .cannot(action, path: path, why: String(cString: strerror(errno)))
    }
}
