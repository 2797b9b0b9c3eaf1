// SPDX-License-Identifier: Apache-2.0

import Digests
package import Drills
import Foundation
package import TrainingJobs
import NightRunner

/// What of a job a verdict is about, read from its source directory as a night would take it.
package enum SourceFiles {
    /// `free` are absolute paths that may change without a new drill.
    ///
    /// Copies the source to `directory`, which must not be there, and names its files by their digests.
    package static func subject(
        of job: TrainingJob, leavingOut others: [String], notCounting free: [String], copyingTo directory: String
    ) throws -> DrillSubject {
        try SourceSnapshot.take(of: job, leavingOut: others, to: directory)
        var files: [String: String] = [:]
        for (path, _) in SaveInterrupter.files(below: directory) {
            let data = try Data(contentsOf: URL(filePath: directory + "/" + path))
            files[path] = SHA256.hex(of: Array(data))
        }
        let root = job.sourceDirectory + "/"
        let notCounted = Set(free.filter { $0.hasPrefix(root) }.map { String($0.dropFirst(root.count)) })
        return DrillSubject(of: job, files: files, notCounted: notCounted) { SHA256.hex(of: Array($0.utf8)) }
    }

    /// The same without keeping the copy.
    package static func subject(
        of job: TrainingJob, leavingOut others: [String], notCounting free: [String]
    ) throws -> DrillSubject {
        let directory = FileManager.default.temporaryDirectory.appending(path: "nightshift-source-\(UUID())")
            .path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }  // in the way of nobody
        return try subject(of: job, leavingOut: others, notCounting: free, copyingTo: directory)
    }
}
