// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightRunner
import Reports
import TrainingJobs

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Shows what a night, or a month of nights, did and what it cost.",
        discussion: """
            EXAMPLES:
              nightshift report
              nightshift report recommender-2026-11-24 --html night.html --svg night.svg
              nightshift report --json
              nightshift report --month
              nightshift report --month 2026-11 --html november.html --focus november.csv
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var night: NightArgument

    @Flag(help: "A JSON document.")
    var json = false

    @Option(help: "Writes the one-page report there.")
    var html: String?

    @Option(help: "Writes the picture of the night there.")
    var svg: String?

    @OptionGroup(title: "Of a month") var month: MonthOptions

    func run() async throws {
        if try month.isMeant(night: night.night, svg: svg) {
            return try await month.run(options.project, json: json, html: html)
        }
        let journal = try options.project.existingJournal()
        let record = try options.project.night(night.night, in: journal)
        let events = try journal.events(of: record.id)
        let now = (events.outcome == nil ? nil : events.last?.at) ?? ScaledNightClock(record.clock).now()
        let timeline = Timeline(events)
        let bill = Bill(events)
        guard let view = ReportView(timeline, bill, at: now),
            let document = ReportDocument(timeline, bill, at: now),
            let page = NightPage(events, at: now),
            let picture = TimelineSVG(timeline, bill, at: now, id: "night")
        else { throw JournalError.damaged(what: record.id, why: "it has no events") }
        if let html { try OutputFile.write(page.html, to: html) }
        if let svg { try OutputFile.write(picture.text, to: svg) }
        if json { return Console.print(try NightJSON.text(document)) }
        guard html == nil && svg == nil else { return }
        Console.print(view.text)
        if let line = FoundShelf(job: record.job, project: options.project).serviceLine { Console.print(line) }
    }
}
