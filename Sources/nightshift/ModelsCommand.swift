// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightEngine
import ProcessSupervision
import PublishedModels
import Reports
import TrainingJobs

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists and shows finished models, and puts one into service.",
        discussion: """
            The model in service is <outputPath>/latest/: open that in what serves it.

            EXAMPLES:
              nightshift models ls
              nightshift models show recommender-2026-11-24 --verify
              nightshift models publish recommender-2026-11-24
            """,
        subcommands: [List.self, Show.self, Publish.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ls", abstract: "Lists models, newest first; * is the one in service.",
            discussion: "EXAMPLES:\n  nightshift models ls\n  nightshift models ls --job jobs/recommender.yaml --json")

        @OptionGroup var options: ShelfOptions
        @Flag(help: "A JSON document.") var json = false

        func run() throws {
            let found = try options.find()
            try ShelfOptions.telling {
                let (records, unreadable) = try found.shelf.records()
                let inService = try found.shelf.inService()
                for problem in unreadable { Console.tell(TerminalText.sanitized(problem.description)) }
                if json { return Console.print(try NightJSON.text(ModelsDocument(records, inService: inService))) }
                if records.isEmpty { return Console.tell("no models yet in \(found.shelf.outputPath)") }
                let view = ModelsView(records, inService: inService, timeZone: found.job.schedule.timeZone)
                Console.print(view.text)
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Shows all that is known about a model.",
            discussion: """
                EXAMPLES:
                  nightshift models show                        the one in service
                  nightshift models show recommender-2026-11-24 --verify
                """)

        @OptionGroup var options: ShelfOptions
        @Argument(help: "The night (default: the one in service, else the newest).") var night: String?
        @Flag(help: "Reads every byte; exit code 5 when the model is not what its record says.") var verify = false
        @Flag(help: "A JSON document.") var json = false

        func run() throws {
            let found = try options.find()
            try ShelfOptions.telling {
                let inService = try found.shelf.inService()
                guard let name = try night ?? inService ?? found.shelf.records().records.first?.night else {
                    Console.tell("no models yet in \(found.shelf.outputPath)")
                    throw ExitCode.badInput
                }
                try show(found, try found.record(of: name), isInService: inService == name)
            }
        }

        private func show(_ found: FoundShelf, _ record: ModelRecord, isInService: Bool) throws {
            var damage: ShelfError?
            if verify {
                do { try found.shelf.verify(record) } catch let error as ShelfError { damage = error }
            }
            let document = ModelDocument(
                record, isInService: isInService, path: found.shelf.modelPath(of: record.night),
                verified: verify ? damage == nil : nil)
            if json {
                Console.print(try NightJSON.text(document))
            } else {
                Console.print(ModelView(document, timeZone: found.job.schedule.timeZone).text)
            }
            if let damage {
                Console.tell(damage.description)
                throw ExitCode.verificationFailed
            }
        }
    }

    struct Publish: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "publish", abstract: "Puts a model into service that was kept back, or went out of it.",
            discussion: """
                Reads every byte of it first. The gate is not asked: this is your decision.

                EXAMPLES:
                  nightshift models publish recommender-2026-11-24
                """)

        @OptionGroup var options: ShelfOptions
        @Argument(help: "The night.") var night: String

        func run() throws {
            let found = try options.find()
            try ShelfOptions.telling {
                try found.makeRecordIfMissing(of: night)
                let answer = try found.shelf.publish(night, packing: found.job.publishing.pack, at: found.now())
                guard case .published(_, let replaces) = answer else { return }
                let instead = replaces.map { ", in place of \(TerminalText.sanitized($0))" } ?? ""
                Console.print("\(night) is in service\(instead): \(found.shelf.pointerPath)")
            }
        }
    }
}

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Puts the model into service again that the present one replaced.",
        discussion: """
            Reads every byte of it first; one that is gone or damaged is refused and nothing changes.

            EXAMPLES:
              nightshift rollback
              nightshift rollback --to recommender-2026-11-21
            """)

    @OptionGroup var options: ShelfOptions
    @Option(help: ArgumentHelp("A night whose model was in service before.", valueName: "night")) var to: String?

    func run() throws {
        let found = try options.find()
        try ShelfOptions.telling {
            let moved = try found.shelf.rollBack(to: to, at: found.now())
            let left = moved.from.map { "; \(TerminalText.sanitized($0)) stays on disk" } ?? ""
            Console.print("\(TerminalText.sanitized(moved.to)) is in service again\(left)")
        }
    }
}
