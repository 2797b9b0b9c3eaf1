// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import NightRunner
import NightSimulator
import Reports
import TrainingJobs

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Plays past nights again under another policy, deadline, zones or interval.",
        discussion: """
            The market of a past night is what its record shows of it; the share that is known is printed.

            EXAMPLES:
              nightshift replay
              nightshift replay recommender-2026-11-24 --policy greedy,uniform-progress --deadline 07:00
              nightshift replay --last 30 --policy nightshift --zones us-west-2a,us-west-2b
              nightshift replay --last 30 --checkpoint-interval 20min --json
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var night: NightArgument

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The newest nights that are over, so many.", valueName: "number"))
    var last: String?

    @OptionGroup var policies: PolicyList

    @Option(help: ArgumentHelp("Another deadline, a local time.", valueName: "hh:mm"))
    var deadline: String?

    @Option(help: ArgumentHelp("Only Spot offers in these zones, joined by commas.", valueName: "zones"))
    var zones: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("As if it saved this often.", valueName: "time"))
    var checkpointInterval: String?

    @Flag(help: "A JSON document.")
    var json = false

    func run() async throws {
        let names = try policies.policies()
        var reader = OptionReader()
        let count = last.flatMap { reader.wholeNumber("--last", $0, 1...100_000) }
        let interval = checkpointInterval.flatMap {
            reader.duration("--checkpoint-interval", $0, least: .seconds(1))
        }
        if deadline != nil, minutes == nil {
            reader.complain("--deadline: must be a local time, as 07:30, not \"\(deadline ?? "")\"")
        }
        if last != nil, let night = night.night {
            reader.complain("--last: names nights already, so leave out \(night)")
        }
        try reader.finish()

        let journal = try options.project.existingJournal()
        var nights: [ReplayReport.Night] = []
        for events in try records(journal, count) {
            guard let change = change(of: events, interval, &reader), let replay = NightReplay(of: events, with: change)
            else { continue }
            if let problem = hopeless(replay, events) { reader.complain(problem) }
            if reader.problems.isEmpty { nights.append(try ReplayReport.Night(replay, under: names)) }
        }
        try reader.finish()
        let report = ReplayReport(policies: names, changes: changes, nights: nights)
        Console.print(json ? try NightJSON.text(ReplayDocument(report)) : ReplayView(report).text)
    }

    /// The events of the nights that are meant and over, oldest first. Others are told.
    private func records(_ journal: Journal, _ count: Int?) throws -> [[NightEvent]] {
        guard let count else {
            let id = try options.project.night(night.night, in: journal).id
            let events = try journal.events(of: id)
            guard events.outcome != nil else {
                Console.tell("\(id) is not over, so there is nothing to compare with; see: nightshift status \(id)")
                throw ExitCode.badInput
            }
            return [events]
        }
        var found: [[NightEvent]] = []
        for id in try journal.nights().reversed() where found.count < count {
            let events = try journal.events(of: id)
            if events.outcome == nil {
                Console.tell("\(id) is not over and is left out")
            } else {
                found.append(events)
            }
        }
        return found.reversed()
    }

    private var changes: [String] {
        [
            deadline.map { "the deadline \($0)" }, zones.map { "Spot in \($0) only" },
            checkpointInterval.map { "a save every \($0)" },
        ].compactMap { $0 }
    }

    private func change(
        of events: [NightEvent], _ interval: Duration?, _ reader: inout OptionReader
    ) -> NightReplay.Change? {
        guard let terms = events.terms else { return nil }
        var change = NightReplay.Change()
        change.checkpointInterval = interval
        change.deadline = minutes.map { deadline(in: terms, atMinutes: $0) }
        if let interval, interval > terms.expectedRuntime {
            reader.complain(
                "\(terms.night): --checkpoint-interval: \(interval.text) is longer than the whole training of "
                    + terms.expectedRuntime.text)
        }
        if let zones {
            let wanted = zones.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let known = terms.offers.map(\.offer).filter { $0.purchase == .spot }.map(\.zone)
            for zone in wanted where !known.contains(zone) {
                let near = NearestName.of(zone, in: known).map { "did you mean \($0)? " } ?? ""
                reader.complain(
                    "\(terms.night): --zones: the night had no Spot offer in \"\(zone)\"; \(near)it had them in "
                        + known.joined(separator: ", "))
            }
            change.zones = wanted
        }
        return change
    }

    /// Minutes after midnight; `nil` when it is none.
    private var minutes: Int? {
        let parts = (deadline ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isWholeNumber) }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), hours < 24, minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }

    /// The first time after the night's start at which its clocks show that.
    private func deadline(in terms: NightTerms, atMinutes minutes: Int) -> Instant {
        let wanted = "\(minutes < 600 ? "0" : "")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
        let clock = ClockText(timeZone: terms.timeZone)
        var instant = Instant(milliseconds: (terms.start.milliseconds / 60000 + 1) * 60000)
        // A time that a change of the clock leaves out comes a day later.
        while clock.minutes(instant) != wanted { instant += .minutes(1) }
        return instant
    }

    /// Even on-demand from the start would have been late: no policy can be blamed for that.
    private func hopeless(_ replay: NightReplay, _ events: [NightEvent]) -> String? {
        guard deadline != nil, replay.terms.onDemand != nil, replay.terms.latestSafeSwitch < replay.terms.start else {
            return nil
        }
        let clock = ClockText(timeZone: replay.terms.timeZone)
        let late = replay.terms.start - replay.terms.latestSafeSwitch
        return "\(replay.terms.night): --deadline: even on-demand from the start would have come too late for "
            + "\(clock.minutes(replay.terms.deadline)), by \(late.text); the earliest that it keeps is "
            + clock.minutes(replay.terms.deadline + late + .seconds(59))
    }
}
