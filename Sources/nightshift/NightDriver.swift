// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Foundation
import NightEngine
import NightRunner
import ProcessSupervision
import Reports
import TrainingJobs

/// Steers one night to its end and tells how it went.
struct NightDriver {
    let project: Project
    let journal: Journal
    let record: NightRecord
    let style: NightScreen.Style
    let json: Bool

    /// `terms` opens a new night; without them the recorded one goes on. Ends the command with the night's exit code.
    func drive(opening terms: NightTerms?) async throws {
        let directory = project.nightDirectory(record.id)
        guard let lease = try RunnerLease.take(directory: directory) else {
            Console.tell(
                "\(record.id) is steered by another process (pid \(RunnerLease.holder(directory: directory) ?? "?"))\n"
                    + "watch it with: nightshift status \(record.id)")
            throw ExitCode.failure
        }
        defer { withExtendedLifetime(lease) {} }
        let clock = ScaledNightClock(record.clock)
        if let terms {
            if clock.now() < terms.start {
                Console.tell(
                    "waiting for the night to begin at \(ClockText(timeZone: terms.timeZone).withZone(terms.start))")
                await clock.sleep(until: terms.start)
            }
            let (_, event) = try Night.open(terms, at: max(terms.start, clock.now()))
            _ = try journal.open(record, with: event)
        }
        let past = try journal.events(of: record.id)
        guard case .opened(let opened)? = past.first?.kind else {
            throw JournalError.damaged(what: record.id, why: "it does not begin with its opening")
        }
        try SourceSnapshot.take(
            of: record.job, leavingOut: [project.directory], to: project.sourceDirectory(record.id))
        let session = NightSession(project: project, record: record, terms: opened)
        let screen = NightScreen(style: style, past: past, timeZone: opened.timeZone)
        if json { Console.print(#"{"schemaVersion":1,"night":"\#(record.id)"}"#) }
        if terms != nil { await screen.show(past, at: clock.now()) }
        let runner = NightRunner(journal: journal, backend: try session.backend(), clock: clock) { _, events, now in
            await screen.show(events, at: now)
        } warn: { warning in
            await screen.clear()
            Console.tell(RunnerWarningWords.text(warning, terms: opened))
        }
        do {
            let outcome = try await untilInterrupted { try await runner.run(record.id) }
            await screen.clear()
            try conclude(outcome)
        } catch is CancellationError {
            await screen.clear()
            Console.tell(
                "nobody steers \(record.id) any more, but its machine goes on until it is done or its lease ends\n"
                    + "go on: the same command again · end it: nightshift stop \(record.id)")
            throw ExitCode.interrupted
        } catch let error as ExitCode {
            throw error
        } catch {
            await screen.clear()
            try complain(error, opened)
        }
    }

    private func conclude(_ outcome: NightOutcome) throws {
        let events = try journal.events(of: record.id)
        let end = events.last?.at ?? SystemClock.now()
        let files = NightFiles(directory: project.nightDirectory(record.id))
        try files.write(events, at: end)
        let timeline = Timeline(events)
        let bill = Bill(events)
        if json {
            if let report = ReportDocument(timeline, bill, at: end) { Console.print(try NightJSON.line(report)) }
        } else {
            if let view = ReportView(timeline, bill, at: end) { Console.print(view.text) }
            Console.print("report \(files.page)")
        }
        let code = ExitCode(outcome)
        if code != .success { throw code }
    }

    /// An error while machines may be running is the worst kind: say so and what to do.
    private func complain(_ error: any Error, _ terms: NightTerms) throws {
        // The journal may be what failed; then nothing is known about the machines.
        let state = try? Night(replaying: journal.events(of: record.id)).state
        Console.tell("the night stopped being steered: \(error)")
        if let state, state.liveLaunches.isEmpty { throw ExitCode.failure }
        let clock = ClockText(timeZone: terms.timeZone)
        Console.tell(
            "a machine may still run; it ends by itself at \(clock.withZone(terms.end)) at the latest\n"
                + "end it now: nightshift stop \(record.id)")
        throw ExitCode.machineStateUnknown
    }

    /// Ctrl-C and SIGTERM stop the steering, never the night.
    private func untilInterrupted<Answer: Sendable>(
        _ work: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
        defer { sources.forEach { $0.cancel() } }
        return try await task.value
    }
}
