// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightRunner
import Reports
import TrainingJobs

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows where a night is.",
        discussion: """
            EXAMPLES:
              nightshift status
              nightshift status recommender-2026-11-24 --json
              nightshift status --all
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var night: NightArgument

    @Flag(help: "One line for every night of this project.")
    var all = false

    @Flag(help: "A JSON document.")
    var json = false

    func run() throws {
        let journal = try options.project.existingJournal()
        if all {
            for id in try journal.nights() {
                let summary = try summary(of: try options.project.night(id, in: journal), journal)
                Console.print(
                    json ? try NightJSON.line(StatusDocument(summary)) : "\(id)  \(MorningLine.text(summary))")
            }
            return
        }
        let record = try options.project.night(night.night, in: journal)
        let summary = try summary(of: record, journal)
        if json { return Console.print(try NightJSON.text(StatusDocument(summary))) }
        if summary.outcome == nil, !RunnerLease.isHeld(directory: options.project.nightDirectory(record.id)) {
            Console.tell(
                "NOT STEERED: no process runs this night, so nothing goes to on-demand in time\n"
                    + "go on: the same `nightshift run` again · end it: nightshift stop \(record.id)")
        }
        let view = LiveView(summary, width: Console.width, style: Console.isUTF8 ? .unicode : .ascii)
        Console.print(view.lines.joined(separator: "\n"))
        if let line = FoundShelf(job: record.job, project: options.project).serviceLine { Console.print(line) }
    }

    private func summary(of record: NightRecord, _ journal: Journal) throws -> NightSummary {
        let events = try journal.events(of: record.id)
        let now = events.outcome == nil ? nil : events.last?.at
        guard
            let summary = NightSummary(
                Timeline(events), Bill(events), at: now ?? ScaledNightClock(record.clock).now())
        else { throw JournalError.damaged(what: record.id, why: "it has no events") }
        return summary
    }
}
