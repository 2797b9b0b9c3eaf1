// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

/// A whole night, through `nightshift run`, with a script that goes wrong in one way.
struct WaywardNight {
    let project: TestProject
    private let notes: String

    /// `once`: only the first training process goes wrong. An epoch takes 50 ms, three night minutes at this scale.
    init(
        _ wrong: String, once: Bool = false, seconds: Double = 0.05, tripwires: String? = nil,
        checkpointBytes: Int = 1000,
        job change: (inout TestJob) -> Void = { _ in }
    ) throws {
        var job = TestJob()
        job.epochs = 20
        job.tellsLoss = true
        job.tripwires = tripwires
        notes = NSTemporaryDirectory().trimmedSlash + "/nightshift-notes-\(UUID().uuidString.prefix(8))"
        job.hyperparameters = [
            "wrong": wrong, "once": once ? "1" : "0", "seconds": "\(seconds)", "notes": notes,
            "bytes": "\(checkpointBytes)",
        ]
        change(&job)
        try FileManager.default.createDirectory(atPath: notes, withIntermediateDirectories: true)
        project = try TestProject(job, named: "nightshift-tripwire")
        try project.write(
            String(contentsOfFile: Repository.fixtures + "/wayward.py", encoding: .utf8), to: "code/train.py")
    }

    /// Away for some minutes after the first machine has saved, so that another has to resume.
    static func interrupt(_ job: inout TestJob) {
        job.epochs = 40
        job.spot = """
            [{"fromMinute": 0, "untilMinute": 150}, {"fromMinute": 235, "untilMinute": 3000}]
            """
    }

    var alarms: [Alarm] {
        get throws {
            try project.events.compactMap { if case .alarmed(_, let alarm) = $0.kind { alarm } else { nil } }
        }
    }

    var commits: [CommittedGeneration] {
        get throws {
            try project.events.compactMap { if case .committed(_, let commit) = $0.kind { commit } else { nil } }
        }
    }

    /// Training processes that were started.
    var starts: Int {
        // None has started: no file.
        ((try? String(contentsOfFile: notes + "/starts", encoding: .utf8)) ?? "").split(separator: "\n").count
    }

    /// The epoch that the script has reached, by its own account.
    var epoch: Int {
        // Not there yet, or just being written: none.
        (try? String(contentsOfFile: notes + "/epoch", encoding: .utf8)).flatMap { Int($0) } ?? 0
    }

    func delete() {
        project.delete()
        try? FileManager.default.removeItem(atPath: notes)  // a rest in /tmp harms nobody
    }
}
