// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NightRunner
import Reports
import TrainingAgent
import TrainingJobs

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Shows the training log of all attempts as one stream.",
        discussion: """
            EXAMPLES:
              nightshift logs
              nightshift logs --attempt 2
              nightshift logs recommender-2026-11-24 --follow
            """)

    @OptionGroup var options: ProjectOptions
    @OptionGroup var night: NightArgument

    @Option(help: "Only this attempt.")
    var attempt: Int?

    @Flag(name: .shortAndLong, help: "Goes on until the night is over; Ctrl-C stops watching, not the night.")
    var follow = false

    @Flag(help: "JSON lines with every character of the training process, those that change a terminal as \\u escapes.")
    var json = false

    func run() async throws {
        let journal = try options.project.existingJournal()
        let record = try options.project.night(night.night, in: journal)
        let clock = ClockText(timeZone: record.job.schedule.timeZone)
        var shown: [String: Int] = [:]
        var events = try journal.events(of: record.id)
        try refuseUnknownAttempt(events, record)
        while true {
            for case .launchRequested(let order) in events.map(\.kind) where attempt == nil || attempt == order.epoch {
                let path = "\(options.project.machinesDirectory(record.id))/\(order.key)/\(AgentOrder.logName)"
                show(path, from: &shown[order.key, default: 0], clock)
            }
            if !follow || events.outcome != nil { return }
            try await Task.sleep(for: .milliseconds(200))
            events = try journal.events(of: record.id)
        }
    }

    /// An attempt's number is its launch's; launches that found no capacity have one, but no log.
    private func refuseUnknownAttempt(_ events: [NightEvent], _ record: NightRecord) throws {
        guard let attempt, !follow else { return }
        let known = Bill(events).lines.compactMap { $0.key.split(separator: "a").last.flatMap { Int($0) } }
        guard !known.contains(attempt) else { return }
        let list = known.isEmpty ? "there was none yet" : "known: \(known.map(String.init).joined(separator: ", "))"
        Console.tell("\(record.id) has no attempt \(attempt); \(list)")
        throw ExitCode.badInput
    }

    /// Shows what a log has beyond an offset, whole lines only.
    private func show(_ path: String, from offset: inout Int, _ clock: ClockText) {
        guard let data = FileManager.default.contents(atPath: path), data.count > offset else { return }
        let fresh = data.dropFirst(offset)
        guard let end = fresh.lastIndex(of: UInt8(ascii: "\n")) else { return }
        offset = end + 1
        for line in fresh[..<end].split(separator: UInt8(ascii: "\n")) {
            guard let entry = try? JSONDecoder().decode(LogEntry.self, from: line) else { continue }  // torn by a kill
            if json {
                if let text = try? NightJSON.line(entry) { Console.print(text) }  // strings and numbers always encode
            } else {
                let source = entry.source == .agent ? "agent: " : ""
                Console.print(
                    "\(entry.attempt) \(clock.seconds(entry.at)) \(source)\(TerminalText.sanitized(entry.line))")
            }
        }
    }
}
