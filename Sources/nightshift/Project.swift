// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DrillRunner
import Foundation
import NightRunner
import TrainingJobs

/// Where this project's nights are kept.
struct ProjectOptions: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: ArgumentHelp("State directory (default: $NIGHTSHIFT_STATE, else .nightshift here).", valueName: "dir"))
    var stateDirectory: String?

    var project: Project {
        let path = stateDirectory ?? ProcessInfo.processInfo.environment["NIGHTSHIFT_STATE"] ?? ".nightshift"
        return Project(directory: URL(filePath: path).standardizedFileURL.path(percentEncoded: false).trimmedPath)
    }
}

struct Project: Sendable {
    /// Absolute.
    let directory: String

    var journalPath: String { directory + "/journal.sqlite" }
    func nightDirectory(_ night: String) -> String { directory + "/nights/" + night }
    func machinesDirectory(_ night: String) -> String { nightDirectory(night) + "/machines" }
    func sourceDirectory(_ night: String) -> String { nightDirectory(night) + "/source" }

    func drills(of job: String) -> DrillArchive { DrillArchive(directory: directory + "/drills/" + job) }

    func journal() throws -> Journal { try Journal(path: journalPath) }

    /// The journal for commands that only read: without one there are no nights yet.
    func existingJournal() throws -> Journal {
        guard FileManager.default.fileExists(atPath: journalPath) else { throw noNights() }
        let journal = try journal()
        if try journal.nights().isEmpty { throw noNights() }
        return journal
    }

    private func noNights() -> ExitCode {
        Console.tell("no nights yet in \(directory); try: nightshift run JOB --time-scale 360")
        return .badInput
    }

    /// The named night, or the newest one.
    func night(_ name: String?, in journal: Journal) throws -> NightRecord {
        let nights = try journal.nights()
        guard let id = name ?? nights.last, let record = try journal.record(of: id) else {
            Console.tell("no night \(name ?? "") in \(directory); known: \(nights.suffix(5).joined(separator: ", "))")
            throw ExitCode.badInput
        }
        return record
    }
}

/// The optional night of a reading command.
struct NightArgument: ParsableArguments {
    @Argument(help: "The night, e.g. recommender-2026-11-24 (default: the newest).")
    var night: String?
}

extension String {
    var trimmedPath: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
