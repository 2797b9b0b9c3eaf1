// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A directory and a prefix of a bucket, kept alike as SageMaker keeps them: file by file, each when it has changed,
/// without knowing which belong together. What is removed from the directory stays in the bucket.
struct CheckpointMirror {
    private struct Seen: Hashable {
        var inode: UInt64
        var size: Int64
        var modifiedNanoseconds: Int64
    }

    let buckets: Buckets
    let place: S3Place
    let directory: String
    /// A directory of ours on the way to the bucket.
    let outbox: String
    private var seen: [String: Seen] = [:]

    init(buckets: Buckets, place: S3Place, directory: String, outbox: String) {
        self.buckets = buckets
        self.place = place.directory
        self.directory = directory
        self.outbox = outbox
    }

    /// Brings every object below the prefix; answers how many.
    mutating func restore() throws -> Int {
        let count = try ObjectDownload.bring(place, into: directory, from: buckets)
        for (path, state) in files() { seen[path] = state }
        return count
    }

    /// Puts what has changed since the last time; answers how many files. A file that is being written is copied as it
    /// is at that moment.
    mutating func sync() throws -> Int {
        var count = 0
        for (path, state) in files() where seen[path] != state {
            let aside = outbox + "/" + UUID().uuidString
            do {
                try FileManager.default.copyItem(atPath: directory + "/" + path, toPath: aside)
            } catch  where access(directory + "/" + path, F_OK) != 0 {
                continue  // removed or renamed meanwhile
            }
            let target = place.appending(path)
            try buckets.put(file: aside, bucket: target.bucket, key: target.key)
            seen[path] = state
            count += 1
        }
        return count
    }

    /// Plain files in order of their paths; links and the like are left out.
    private func files() -> [(String, Seen)] {
        guard let walk = FileManager.default.enumerator(atPath: directory) else { return [] }
        return walk.compactMap { $0 as? String }.sorted().compactMap { path in
            var status = stat()
            guard lstat(directory + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            return (
                path,
                Seen(inode: UInt64(status.st_ino), size: Int64(status.st_size), modifiedNanoseconds: modified)
            )
        }
    }
}

/// Objects brought to the disk.
enum ObjectDownload {
    /// Brings every object below a prefix, each to the rest of its key; answers how many. Keys that end in a slash stand
    /// for directories.
    static func bring(_ place: S3Place, into directory: String, from buckets: Buckets) throws -> Int {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var count = 0
        for object in try buckets.list(bucket: place.bucket, prefix: place.key) {
            guard !object.key.hasSuffix("/") else { continue }
            let path = relativePath(of: object.key, below: place.key)
            guard let parts = SafePath.parts(of: path) else {
                throw SafePath.Refused(path: object.key, why: "is a key that cannot be a path on a machine")
            }
            let target = try SafePath.prepare(parts, below: directory, named: object.key)
            unlink(target)
            try FileManager.default.copyItem(atPath: object.file, toPath: target)
            guard chmod(target, 0o644) == 0 else {
                throw SafePath.Refused(path: object.key, why: String(cString: strerror(errno)))
            }
            count += 1
        }
        return count
    }

    /// `s3://b/data/train` has `data/train/a.csv` as `a.csv`; a prefix that ends inside a name keeps the whole name.
    static func relativePath(of key: String, below prefix: String) -> String {
        func rest(after bytes: Int) -> String { String(decoding: key.utf8.dropFirst(bytes), as: UTF8.self) }
        if prefix.isEmpty || prefix.hasSuffix("/") { return rest(after: prefix.utf8.count) }
        if key.hasPrefix(prefix + "/") { return rest(after: prefix.utf8.count + 1) }
        return rest(after: prefix.lastIndex(of: "/").map { prefix[...$0].utf8.count } ?? 0)
    }
}
