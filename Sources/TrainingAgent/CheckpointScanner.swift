// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import TrainingJobs

/// A set of checkpoint files that is complete as far as can be seen from outside.
struct CheckpointCandidate: Hashable, Sendable {
    struct File: Hashable, Sendable {
        /// Relative to the checkpoint directory.
        var path: String
        var bytes: Int64
        var modifiedNanoseconds: Int64
        /// From the completion marker, where there is one.
        var sha256: String?
    }

    /// The checkpoint's directory name for marked ones, `settled` for others.
    var label: String
    /// What a script is told it resumes from.
    var step: Int?
    var files: [File]

    /// When its newest file was written, on the wall's clock.
    var writtenAt: Instant {
        Instant(milliseconds: (files.map(\.modifiedNanoseconds).max() ?? 0) / 1_000_000)
    }
}

/// Looks for new checkpoints in the directory that the training process writes (`docs/checkpoint-files.md`).
///
/// With completion markers, the newest marked checkpoint is the candidate. Without, all files together are one, once
/// they have not changed for `settleTime` and nobody of the training process holds one open for writing.
struct CheckpointScanner {
    let directory: String
    let settleTime: Duration
    private var lastSeen: (files: [CheckpointCandidate.File], since: Instant)?

    init(directory: String, settleTime: Duration) {
        self.directory = directory
        self.settleTime = settleTime
    }

    /// `processes` are those of the training job; `finished` means that none of them lives any more, so that what is
    /// there has settled.
    mutating func scan(at wall: Instant, processes: [Int32], finished: Bool) -> CheckpointCandidate? {
        if let marked = newestMarked() { return marked }
        let files = Self.regularFiles(below: directory)
        guard !files.isEmpty, !hasMarkers else { return nil }
        guard let seen = lastSeen, seen.files == files else {
            lastSeen = (files, wall)
            return finished ? CheckpointCandidate(label: "settled", step: nil, files: files) : nil
        }
        guard finished || (wall - seen.since >= settleTime && !Self.isBeingWritten(below: directory, by: processes))
        else { return nil }
        return CheckpointCandidate(label: "settled", step: nil, files: files)
    }

    private var hasMarkers: Bool { !markedNames().isEmpty }

    private func markedNames() -> [String] {
        Self.names(in: directory).filter {
            $0.hasPrefix("checkpoint-") && FileManager.default.fileExists(atPath: "\(directory)/\($0)/.complete")
        }
    }

    private func newestMarked() -> CheckpointCandidate? {
        var newest: CheckpointCandidate?
        for name in markedNames() {
            guard let marker = CompletionMarker(directory: "\(directory)/\(name)"),
                newest?.step.map({ $0 < marker.step }) ?? true
            else { continue }
            var files: [CheckpointCandidate.File] = []
            for listed in marker.files {
                files.append(Self.file("\(name)/\(listed.path)", below: directory, sha256: listed.sha256))
            }
            files.append(Self.file("\(name)/\(CompletionMarker.fileName)", below: directory, sha256: nil))
            // A file that is gone or of another size makes the whole checkpoint torn: it is no candidate.
            let sizes = marker.files.map(\.bytes)
            guard zip(files, sizes).allSatisfy({ $0.bytes == $1 }), files.allSatisfy({ $0.bytes >= 0 }) else { continue }
            newest = CheckpointCandidate(label: name, step: marker.step, files: files)
        }
        return newest
    }

    /// Regular files whose names do not say that they are unfinished, sorted by path. Links, pipes and devices are no
    /// part of a checkpoint.
    static func regularFiles(below directory: String) -> [CheckpointCandidate.File] {
        var found: [CheckpointCandidate.File] = []
        var open = [""]
        while let prefix = open.popLast() {
            for name in names(in: directory + "/" + prefix) where !isUnfinished(name) {
                let path = prefix.isEmpty ? name : prefix + "/" + name
                var status = stat()
                guard lstat(directory + "/" + path, &status) == 0 else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: open.append(path)
                case S_IFREG: found.append(file(path, below: directory, sha256: nil))
                default: continue
                }
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    private static let unfinishedEndings = [".tmp", ".partial", ".part", ".writing", ".incomplete"]

    private static func isUnfinished(_ name: String) -> Bool {
        name.hasPrefix(".") || unfinishedEndings.contains { name.hasSuffix($0) }
    }

    private static func names(in directory: String) -> [String] {
        // A directory that is not there (yet) has no entries.
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
    }

    private static func file(_ path: String, below directory: String, sha256: String?) -> CheckpointCandidate.File {
        var status = stat()
        guard lstat(directory + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return CheckpointCandidate.File(path: path, bytes: -1, modifiedNanoseconds: 0, sha256: sha256)
        }
        let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        return CheckpointCandidate.File(
            path: path, bytes: Int64(status.st_size), modifiedNanoseconds: modified, sha256: sha256)
    }

    /// Whether one of the processes holds a file below the directory open for writing.
    private static func isBeingWritten(below directory: String, by processes: [Int32]) -> Bool {
        for pid in processes {
            for descriptor in names(in: "/proc/\(pid)/fd") {
                // A descriptor that was closed meanwhile has no target.
                guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(descriptor)"),
                    target.hasPrefix(directory + "/"),
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
