// SPDX-License-Identifier: Apache-2.0

import Foundation
package import TrainingJobs

/// The source directory as it is when a night opens. A change of the code at three in the morning must not decide how
/// the rest of the night trains.
package enum SourceSnapshot {
    /// Copies the job's source directory; may be repeated after a crash. Hidden files, Python's caches, and what the
    /// job reads and writes elsewhere (channels, models, checkpoints, the state directory) are left out.
    package static func take(of job: TrainingJob, leavingOut others: [String], to target: String) throws {
        let files = FileManager.default
        if files.fileExists(atPath: target) { return }
        let aside = target + ".writing"
        if files.fileExists(atPath: aside) { try files.removeItem(atPath: aside) }
        let excluded = Set(
            (job.inputChannels.map(\.path) + [job.outputPath, job.checkpoint.uri] + others).map(standardized))
        try copy(standardized(job.sourceDirectory), to: aside, excluded)
        try files.moveItem(atPath: aside, toPath: target)
    }

    private static func copy(_ source: String, to target: String, _ excluded: Set<String>) throws {
        let files = FileManager.default
        try files.createDirectory(
            atPath: target, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in try files.contentsOfDirectory(atPath: source).sorted()
        where !name.hasPrefix(".") && name != "__pycache__" {
            let path = source + "/" + name
            guard !excluded.contains(standardized(path)) else { continue }
            let kind = try files.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            if kind == .typeDirectory {
                try copy(path, to: target + "/" + name, excluded)
            } else if kind == .typeRegular {
                try files.copyItem(atPath: path, toPath: target + "/" + name)
            } else if kind == .typeSymbolicLink {
                try copyLink(path, to: target + "/" + name)
            }
        }
    }

    /// A link to a file becomes that file: it must not change during the night either. A link to a directory stays a
    /// link, made absolute.
    private static func copyLink(_ link: String, to target: String) throws {
        let resolved = URL(filePath: link).resolvingSymlinksInPath().path(percentEncoded: false)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: resolved, isDirectory: &isDirectory) else { return }
        if isDirectory.boolValue {
            try FileManager.default.createSymbolicLink(atPath: target, withDestinationPath: resolved)
        } else {
            try FileManager.default.copyItem(atPath: resolved, toPath: target)
        }
    }

    private static func standardized(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path(percentEncoded: false).trimmingSuffix("/")
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        count > 1 && hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
