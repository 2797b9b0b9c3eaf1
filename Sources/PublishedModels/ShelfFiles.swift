// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The few changes that the shelf makes to a file system, each durable when it returns and none seen half done. What is
/// made aside has a fixed name: the next try replaces what a killed one left.
enum ShelfFiles {
    static func aside(_ path: String) -> String {
        let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        return "\(path[..<cut]).\(path[cut...]).writing"
    }

    static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Replaces the file or makes it. Mode 0644 less the umask: what serves the model reads it as another user.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let aside = aside(path)
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("write", aside) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("write", aside) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure("fsync", aside) }
        try moveIntoPlace(aside, path)
    }

    /// Replaces the link or makes it.
    static func link(_ path: String, to destination: String) throws {
        let aside = aside(path)
        if symlink(destination, aside) != 0 {
            guard errno == EEXIST else { throw failure("link", aside) }
            guard unlink(aside) == 0, symlink(destination, aside) == 0 else { throw failure("link", aside) }
        }
        try moveIntoPlace(aside, path)
    }

    static func moveIntoPlace(_ aside: String, _ path: String) throws {
        guard rename(aside, path) == 0 else { throw failure("rename to", path) }
        try synchronize(directory(of: path))
    }

    /// A file's bytes, or a directory's names.
    static func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
    }

    /// May be repeated: what is not there is fine.
    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    /// What a symbolic link says; `nil` when nothing of that name is there, and the mode of what is there otherwise.
    enum Entry: Hashable { case none, link(String), directory, file, other }

    static func entry(_ path: String) throws -> Entry {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw failure("look at", path) }
            return .none
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .file
        case S_IFLNK:
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = readlink(path, &bytes, bytes.count)
            guard count >= 0 else { throw failure("read the link", path) }
            return .link(String(decoding: bytes[..<count], as: UTF8.self))
        default: return .other
        }
    }

    private static func failure(_ what: String, _ path: String) -> ShelfError {
        .io(what: what, path: path, code: errno)
    }
}

func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
