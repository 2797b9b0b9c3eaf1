// SPDX-License-Identifier: Apache-2.0

import Foundation
package import TrainingJobs

/// What `JobCheck` may ask of the machine: a value, so that a test can replace one answer and keep the others.
package struct Surroundings: Sendable {
    package enum Kind: Hashable, Sendable {
        case file
        case directory
    }

    package var now: Instant
    /// The directories of PATH, in order.
    package var searchPath: [String]
    /// `nil` when nothing is there.
    package var kind: @Sendable (_ path: String) -> Kind?
    /// Names in a directory, sorted; `nil` when it can't be listed.
    package var names: @Sendable (_ directory: String) -> [String]?
    /// The beginning of a text file, a megabyte at most; `nil` when it can't be read.
    package var text: @Sendable (_ path: String) -> String?
    package var isExecutable: @Sendable (_ path: String) -> Bool
    package var isWritable: @Sendable (_ path: String) -> Bool
    /// Bytes that this user may still write to the file system under an existing path.
    package var freeBytes: @Sendable (_ path: String) -> Int64?
    /// `ext4`, `tmpfs`; `nil` when the machine doesn't tell.
    package var fileSystem: @Sendable (_ path: String) -> String?
    /// What keeps the link to the model in service from being made in an output path, in words.
    package var foreignPointer: @Sendable (_ outputPath: String) -> String? = { _ in nil }

    /// This machine. The clock and the environment are handed in: a check is told the time.
    package static func thisMachine(now: Instant, environment: [String: String]) -> Surroundings {
        let search = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        return Surroundings(
            now: now, searchPath: search,
            kind: { path in
                var isDirectory: ObjCBool = false
                guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return nil }
                return isDirectory.boolValue ? .directory : .file
            },
            names: { directory in
                // Not listable and not there are the same to the check.
                try? FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            },
            text: { path in
                guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
                // What can't be read is not judged.
                return (try? handle.read(upToCount: 1 << 20)).flatMap { $0.map { String(decoding: $0, as: UTF8.self) } }
            },
            isExecutable: { FileManager.default.isExecutableFile(atPath: $0) },
            isWritable: { FileManager.default.isWritableFile(atPath: $0) },
            freeBytes: { path in
                // No answer, no finding.
                let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
                return (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
            },
            fileSystem: { path in
                // Only Linux has this file; elsewhere a checkpoint directory in memory is not found out.
                guard let mounts = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8) else { return nil }
                return Self.fileSystem(of: path, mounts: mounts)
            })
    }

    /// The type of the mount that a path lies on: of those whose directory contains it the longest, the last if equal.
    static func fileSystem(of path: String, mounts: String) -> String? {
        var best: (length: Int, type: String)?
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count >= 3 else { continue }
            let point = fields[1].replacing("\\040", with: " ")
            guard point == "/" || path == point || path.hasPrefix(point + "/") else { continue }
            if point.count >= best?.length ?? 0 { best = (point.count, String(fields[2])) }
        }
        return best?.type
    }

    /// The directory itself or the nearest one above it that exists.
    func existingAncestor(of path: String) -> String {
        var path = path
        while kind(path) == nil, path != "/" {
            path = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
            if path.count > 1, path.hasSuffix("/") { path.removeLast() }
        }
        return path
    }
}
