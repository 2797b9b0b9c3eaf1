// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CheckpointStore
import Foundation
import NightRunner
import ProcessSupervision
import Reports
import TrainingJobs

struct CheckpointsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoints", abstract: "Lists, verifies, restores and prunes a night's checkpoints.",
        discussion: """
            EXAMPLES:
              nightshift checkpoints ls
              nightshift checkpoints verify recommender-2026-11-24
              nightshift checkpoints restore --into /tmp/checkpoint
            """,
        subcommands: [List.self, Verify.self, Restore.self, Prune.self])

    /// A night's checkpoint store.
    struct Store {
        let lineage: Lineage
        let record: NightRecord

        init(_ options: ProjectOptions, _ night: String?) throws {
            let journal = try options.project.existingJournal()
            record = try options.project.night(night, in: journal)
            let objects = try DirectoryObjectStore(root: record.job.checkpoint.uri)
            guard let lineage = Lineage(record.id, in: objects) else {
                throw ValidationError("\(record.id) cannot be the name of a checkpoint store")
            }
            self.lineage = lineage
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ls", abstract: "Lists generations, newest first.",
            discussion: "EXAMPLES:\n  nightshift checkpoints ls recommender-2026-11-24")

        @OptionGroup var options: ProjectOptions
        @OptionGroup var night: NightArgument
        @Flag(help: "A JSON document.") var json = false

        func run() async throws {
            let store = try Store(options, night.night)
            let listed = try await store.lineage.list(trusting: .presence)
            if json {
                return Console.print(try NightJSON.text(CheckpointsDocument(store.record.id, listed)))
            }
            let clock = ClockText(timeZone: store.record.job.schedule.timeZone)
            for entry in listed {
                let generation = entry.generation
                let at = clock.seconds(Instant(milliseconds: generation.committedAt))
                Console.print(
                    "generation \(generation.number)  attempt \(generation.epoch)  \(at)  progress "
                        + "\(NumberText.units(generation.progress))  \(generation.bytes) bytes  "
                        + (entry.flaw.map { "NOT WHOLE: \($0)" } ?? "whole"))
            }
            if listed.isEmpty { Console.tell("\(store.record.id) has no checkpoints yet") }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Reads every byte and says what it found; exit code 5 for damage.",
            discussion: "EXAMPLES:\n  nightshift checkpoints verify")

        @OptionGroup var options: ProjectOptions
        @OptionGroup var night: NightArgument

        func run() async throws {
            let store = try Store(options, night.night)
            var damaged = 0
            for finding in try await store.lineage.verify() {
                let verdict: String
                switch finding.verdict {
                case .whole: verdict = "whole"
                case .pruned: verdict = "pruned"
                case .damaged(let why):
                    verdict = "DAMAGED: \(why)"
                    damaged += 1
                }
                Console.print("record \(finding.sequence)  \(finding.kind)  \(verdict)")
            }
            if damaged > 0 { throw ExitCode.verificationFailed }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore", abstract: "Puts the newest whole generation into a new or empty directory.",
            discussion: "EXAMPLES:\n  nightshift checkpoints restore --into /tmp/checkpoint")

        @OptionGroup var options: ProjectOptions
        @OptionGroup var night: NightArgument
        @Option(help: "The directory; absent or empty.") var into: String

        func run() async throws {
            let store = try Store(options, night.night)
            let target = URL(filePath: into).standardizedFileURL.path(percentEncoded: false).trimmedPath
            do {
                guard let restored = try await store.lineage.restore(into: target, atMost: .max) else {
                    Console.tell("\(store.record.id) has no checkpoints")
                    throw ExitCode.failure
                }
                for passed in restored.passedOver { Console.tell("passed over \(passed)") }
                Console.print("restored generation \(restored.generation.number) into \(target)")
            } catch let error as RestoreError {
                Console.tell(error.description)
                throw ExitCode.verificationFailed
            }
        }
    }

    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prune", abstract: "Keeps the newest whole generations of a night that is over.",
            discussion: "EXAMPLES:\n  nightshift checkpoints prune --keep 1")

        @OptionGroup var options: ProjectOptions
        @OptionGroup var night: NightArgument
        @Option(help: "How many generations stay.") var keep: Int

        func validate() throws {
            guard keep >= 1 else { throw ValidationError("--keep is at least 1") }
        }

        func run() async throws {
            let store = try Store(options, night.night)
            let journal = try options.project.existingJournal()
            let events = try journal.events(of: store.record.id)
            guard events.outcome != nil else {
                Console.tell("\(store.record.id) is not over: its machine prunes as it goes; wait, or stop it first")
                throw ExitCode.failure
            }
            // No machine of the night lives, so the next epoch is free to take.
            let epoch = events.reduce(0) {
                if case .launchRequested(let order) = $1.kind { max($0, order.epoch) } else { $0 }
            }
            let now = SystemClock.now().milliseconds
            let claim = try await store.lineage.claim(epoch: epoch + 1, at: now)
            let pruned = try await store.lineage.prune(keep: keep, under: claim, trusting: .content, at: now)
            Console.print("removed \(pruned.piecesRemoved) pieces, \(pruned.bytesRemoved) bytes")
        }
    }
}

/// `checkpoints ls --json`.
struct CheckpointsDocument: Codable {
    struct Generation: Codable {
        var number: Int
        var attempt: Int
        var committedAt: Instant
        var progress: Double
        var bytes: Int64
        var flaw: String?
    }

    var schemaVersion = 1
    var night: String
    var generations: [Generation]

    init(_ night: String, _ listed: [ListedGeneration]) {
        self.night = night
        generations = listed.map {
            Generation(
                number: $0.generation.number, attempt: $0.generation.epoch,
                committedAt: Instant(milliseconds: $0.generation.committedAt), progress: $0.generation.progress,
                bytes: $0.generation.bytes, flaw: $0.flaw)
        }
    }
}
