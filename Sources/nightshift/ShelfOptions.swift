// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import NightEngine
import NightRunner
import ProcessSupervision
import PublishedModels
import Reports
import TrainingJobs

/// Where a project's models are: where the job file says, else where its newest night put them.
struct ShelfOptions: ParsableArguments {
    @OptionGroup var project: ProjectOptions

    @Option(help: "The job file (default: nightshift.yaml, else what the newest night was opened with).")
    var job: String?

    func find() throws -> FoundShelf {
        let project = project.project
        if let path = job ?? (FileManager.default.fileExists(atPath: "nightshift.yaml") ? "nightshift.yaml" : nil) {
            return FoundShelf(job: try readJobFile(path, quiet: true).job, project: project)
        }
        return FoundShelf(job: try project.night(nil, in: try project.existingJournal()).job, project: project)
    }

    /// Ends the command with the code of what is wrong with the models.
    static func telling(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ShelfError {
            Console.tell(error.description)
            switch error {
            case .damaged, .noModel: throw ExitCode.verificationFailed
            case .io, .busy, .cannotPack: throw ExitCode.failure
            default: throw ExitCode.badInput
            }
        }
    }
}

struct FoundShelf {
    let job: TrainingJob
    let project: Project

    var shelf: ModelShelf { ModelShelf(outputPath: job.outputPath) }

    /// Which model is in service now, whatever the night in question did; `nil` before the first one.
    var serviceLine: String? {
        do {
            guard let night = try shelf.inService() else { return nil }
            return "in service now: \(TerminalText.sanitized(night)), \(TerminalText.sanitized(shelf.pointerPath))"
        } catch {
            return TerminalText.sanitized("in service now: not known; \(error)")
        }
    }

    /// A person acts in wall time.
    func now() -> Instant { SystemClock.now() }

    func record(of night: String) throws -> ModelRecord {
        if let record = try shelf.record(of: night) { return record }
        Console.tell("\(night) has no model in \(job.outputPath); see: nightshift models ls")
        throw ExitCode.badInput
    }

    /// The model of a night that an earlier version ended, or that was stopped on its way, gets its record now.
    func makeRecordIfMissing(of night: String) throws {
        guard try shelf.record(of: night) == nil, FileManager.default.fileExists(atPath: project.journalPath) else {
            return
        }
        let journal = try project.journal()
        guard let record = try journal.record(of: night) else { return }
        let events = try journal.events(of: night)
        let state = try Night(replaying: events).state
        guard let order = state.publication ?? state.publicationOrder(at: events.last?.at ?? now()) else { return }
        let session = NightSession(project: project, record: record, terms: state.terms)
        try session.publisher().recordModel(order)
    }
}
