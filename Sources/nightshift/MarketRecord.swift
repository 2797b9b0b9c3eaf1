// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NightRunner
import Reports
import SpotMarket
import TrainingJobs

extension MarketCommand {
    struct Record: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "record", abstract: "Writes what a night saw of each Spot pool as traces.",
            discussion: """
                A file for each pool: 1 with capacity, 0 without, null while nobody knew.

                EXAMPLES:
                  nightshift market record
                  nightshift market record recommender-2026-11-24 --directory traces --tick 60
                """)

        @OptionGroup var options: ProjectOptions
        @OptionGroup var night: NightArgument

        @Option(help: ArgumentHelp("Where the files go.", valueName: "dir"))
        var directory = "."

        @Option(help: ArgumentHelp("How much time one value stands for.", valueName: "seconds"))
        var tick = 60

        func validate() throws {
            guard (1...86400).contains(tick) else {
                throw ValidationError("--tick is a number of seconds from 1 to 86400, not \(tick)")
            }
        }

        func run() throws {
            let journal = try options.project.existingJournal()
            let record = try options.project.night(night.night, in: journal)
            let stretches = SpellReader(try journal.events(of: record.id)).stretches
            let pools = Set(stretches.map(\.pool)).sorted()
            if pools.isEmpty { Console.tell("\(record.id): no Spot machine was had or refused, so there is no trace") }
            for pool in pools {
                guard let file = TraceFile(recording: stretches, of: pool, gap: .seconds(tick)) else { continue }
                let name = "\(record.id)_\(pool.zone)_\(pool.instanceType).json".map { character in
                    character.isLetter || character.isNumber || "._-".contains(character) ? character : "-"
                }
                try OutputFile.write(try NightJSON.line(file), to: "\(directory)/\(String(name))")
            }
        }
    }
}
