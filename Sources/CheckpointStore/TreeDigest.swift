// SPDX-License-Identifier: Apache-2.0

import Digests

/// One SHA-256 for a directory tree, to tell whether two models are the same.
///
/// It covers, for each regular file in byte order of the paths, the line `<sha256> <bytes> <path>` with NUL at its end.
/// Empty directories, modes and times do not count.
package enum TreeDigest {
    package struct Measure: Hashable, Sendable {
        package var digest: String
        package var bytes: Int64
        package var files: Int
    }

    /// Throws for a symbolic link or a special file anywhere in the tree, and for a name that `TreePath` refuses.
    package static func of(directory path: String) throws -> String {
        try measure(directory: path, leavingOut: []).digest
    }

    /// A single file: its own SHA-256.
    package static func measure(file path: String) throws -> Measure {
        let cut = path.lastIndex(of: "/") ?? path.startIndex
        let directory = try OpenDirectory(String(path[..<cut]), gate: .open)
        let (digest, bytes) = try contents(of: try directory.file(String(path[path.index(after: cut)...])))
        return Measure(digest: digest.hex, bytes: Int64(bytes), files: 1)
    }

    /// `names` are left out wherever they occur, with what is below them.
    package static func measure(directory path: String, leavingOut names: Set<String>) throws -> Measure {
        var files: [(path: TreePath, directory: OpenDirectory)] = []
        func walk(_ directory: OpenDirectory, below prefix: String) throws {
            for name in try directory.names() where !names.contains(name) {
                switch try directory.status(name)?.kind {
                case .regular: files.append((try TreePath(prefix + name), directory))
                case .directory:
                    let below = try TreePath(prefix + name)  // Refuses a tree too deep to walk.
                    try walk(try directory.directory(name), below: below.text + "/")
                case .symbolicLink, .other: throw PathRefused(path: prefix + name, why: "it is not a regular file")
                case nil: throw PathRefused(path: prefix + name, why: "it disappeared while the tree was read")
                }
            }
        }
        try walk(try OpenDirectory(path, gate: .open), below: "")
        var tree = SHA256()
        var total: Int64 = 0
        for (path, directory) in files.sorted(by: { $0.path < $1.path }) {
            let (digest, bytes) = try contents(of: try directory.file(path.components[path.components.count - 1]))
            tree.update(Array("\(digest) \(bytes) \(path)\u{0}".utf8))
            total += Int64(bytes)
        }
        return Measure(digest: tree.finalize().hex, bytes: total, files: files.count)
    }

    private static func contents(of file: OpenFile) throws -> (Digest, Int) {
        var hash = SHA256()
        var bytes = 0
        while true {
            let part = try file.read(upTo: 1 << 20)
            if part.isEmpty { return (hash.finalize(), bytes) }
            hash.update(part)
            bytes += part.count
        }
    }
}
