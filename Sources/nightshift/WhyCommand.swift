// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightRunner
import Reports
import TrainingJobs

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explains what a night decided, and what it would have taken to decide otherwise.",
        discussion: """
            EXAMPLES:
              nightshift why                        the last decision of the newest night
              nightshift why --at 04:20             the decision in force at that local time
              nightshift why recommender-2026-11-24 --all
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var night: NightArgument

    @Option(help: "A local time of the night, 04:20 or 04:20:08.")
    var at: String?

    @Flag(help: "Every decision of the night.")
    var all = false

    @Flag(help: "A JSON document.")
    var json = false

    func run() throws {
        let journal = try options.project.existingJournal()
        let record = try options.project.night(night.night, in: journal)
        let events = try journal.events(of: record.id)
        let timeline = Timeline(events)
        if all {
            for decision in timeline.decisions { try show(timeline, decision.at, record) }
            return
        }
        try show(timeline, try instant(in: timeline, record), record)
    }

    private func show(_ timeline: Timeline, _ instant: Instant, _ record: NightRecord) throws {
        if json, let document = DecisionDocument(timeline, at: instant) {
            return Console.print(try all ? NightJSON.line(document) : NightJSON.text(document))
        }
        guard let view = WhyView(timeline, at: instant) else {
            Console.tell("\(record.id) had decided nothing yet at that time")
            throw ExitCode.badInput
        }
        Console.print(view.text)
    }

    /// The night's own hour of that name; nights pass midnight.
    private func instant(in timeline: Timeline, _ record: NightRecord) throws -> Instant {
        guard let at else { return timeline.decisions.last?.at ?? record.clock.nightOrigin }
        let fields = at.split(separator: ":", omittingEmptySubsequences: false)
        let parts = fields.compactMap { Int($0) }
        guard (2...3).contains(parts.count), parts.count == fields.count,
            (0..<24).contains(parts[0]), parts.dropFirst().allSatisfy((0..<60).contains), let terms = timeline.terms
        else {
            Console.tell("--at is a local time like 04:20 or 04:20:08, not \"\(TerminalText.sanitized(at))\"")
            throw ExitCode.badInput
        }
        let wanted = (parts + [0]).prefix(3).map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        let clock = ClockText(timeZone: record.job.schedule.timeZone)
        var instant = terms.start
        while instant <= terms.end {
            if clock.minutes(instant) == wanted.prefix(5) {
                // A minute means all of it: a decision of 04:20:08 is the one asked for with 04:20.
                let second = parts.count == 3 ? parts[2] : 59
                return Instant(milliseconds: instant.milliseconds / 60000 * 60000 + Int64(second * 1000 + 999))
            }
            instant += .minutes(1)
        }
        Console.tell(
            "\(at) is not between \(clock.minutes(terms.start)) and \(clock.minutes(terms.end)), when the night ran")
        throw ExitCode.badInput
    }
}
