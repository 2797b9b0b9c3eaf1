// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// The regular files of a checkpoint directory whose names do not say that they are unfinished.
///
/// Links, pipes, sockets and devices are no part of a checkpoint; they are neither followed nor opened.
struct CheckpointFiles {
    private(set) var files: [CheckpointCandidate.File] = []
    private(set) var remarks: [String] = []
    /// Something went away while it was looked at.
    private(set) var changed = false
    private let directory: String

    init(_ directory: String) { self.directory = directory }

    mutating func walk() {
        var open = [""]
        while let prefix = open.popLast() {
            for name in Self.names(in: directory + "/" + prefix) where !Self.isUnfinished(name) {
                let path = prefix.isEmpty ? name : prefix + "/" + name
                switch FileKind(of: directory + "/" + path) {
                case .directory:
                    open.append(path)
                case .regular:
                    if let file = Self.file(path, below: directory) { files.append(file) } else { changed = true }
                case .symbolicLink, .other:
                    remarks.append("\(path.debugDescription) is not a regular file and no part of a checkpoint")
                case nil:
                    remarks.append("\(path.debugDescription) could not be looked at")
                    changed = true
                }
            }
        }
        files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// `nil` when there is no such regular file. The last component is not followed if it is a link.
    static func file(_ path: String, below directory: String) -> CheckpointCandidate.File? {
        var status = stat()
        guard lstat(directory + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        return CheckpointCandidate.File(
            path: path, bytes: Int64(status.st_size), modifiedNanoseconds: modified, sha256: nil)
    }

    static func names(in directory: String) -> [String] {
        // A directory that is not there (yet) has no entries.
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
    }

    private static let unfinishedEndings = [".tmp", ".partial", ".part", ".writing", ".incomplete"]

    private static func isUnfinished(_ name: String) -> Bool {
        name.hasPrefix(".") || unfinishedEndings.contains { name.hasSuffix($0) }
    }
}

/// What stands under a name; a symbolic link is not followed.
enum FileKind: Hashable, Sendable {
    case regular, directory, symbolicLink, other

    /// `nil` when there is nothing, or it cannot be told.
    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .symbolicLink
        default: self = .other
        }
    }
}

/// Who has which file open, as far as `/proc` tells.
enum OpenFiles {
    /// Whether one of the processes has one of the files open for writing.
    static func isWritten(
        anyOf files: [CheckpointCandidate.File], below directory: String, by processes: [Int32]
    ) -> Bool {
        // The kernel tells resolved paths.
        guard let resolved = realpath(directory, nil) else { return false }
        defer { free(resolved) }
        let prefix = String(cString: resolved) + "/"
        let paths = Set(files.map { prefix + $0.path })
        for pid in processes {
            for descriptor in CheckpointFiles.names(in: "/proc/\(pid)/fd") {
                // A descriptor that was closed meanwhile has no target.
                guard
                    let target = try? FileManager.default.destinationOfSymbolicLink(
                        atPath: "/proc/\(pid)/fd/\(descriptor)"),
                    paths.contains(target),
                    let info = FileManager.default.contents(atPath: "/proc/\(pid)/fdinfo/\(descriptor)")
                else { continue }
                let flags = String(decoding: info, as: UTF8.self).split(separator: "\n")
                    .first { $0.hasPrefix("flags:") }?.split(separator: "\t").last.flatMap { Int32($0, radix: 8) }
                if let flags, flags & (O_WRONLY | O_RDWR) != 0 { return true }
            }
        }
        return false
    }
}
