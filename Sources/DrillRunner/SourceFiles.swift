// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
package import Drills
import Foundation
package import TrainingJobs
import NightRunner

/// What of a job a verdict is about, read from its source directory as a night would take it.
package enum SourceFiles {
    /// Copies the source to `directory`, which must not be there, and names its files by their digests.
    package static func subject(of job: TrainingJob, leavingOut others: [String], copyingTo directory: String) throws
        -> DrillSubject
    {
        try SourceSnapshot.take(of: job, leavingOut: others, to: directory)
        var files: [String: String] = [:]
        for (path, _) in SaveInterrupter.files(below: directory) {
            let data = try Data(contentsOf: URL(filePath: directory + "/" + path))
            files[path] = SHA256.hex(of: Array(data))
        }
        return DrillSubject(of: job, files: files) { SHA256.hex(of: Array($0.utf8)) }
    }

    /// The same without keeping the copy.
    package static func subject(of job: TrainingJob, leavingOut others: [String]) throws -> DrillSubject {
        let directory = FileManager.default.temporaryDirectory.appending(path: "nightshift-source-\(UUID())")
            .path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }  // in the way of nobody
        return try subject(of: job, leavingOut: others, copyingTo: directory)
    }
}
