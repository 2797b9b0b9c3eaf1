// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CapacityBackends
import Dispatch
import Foundation
import NightEngine
import NightRunner
import ProcessSupervision
import PublishedModels
import Reports
import SpotMarket
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
        // Another process may have opened it between the look and the lease.
        let isNew = try terms != nil && journal.record(of: record.id) == nil
        if let terms, isNew {
            try NightSession.requireAgent(for: record.job)
            if clock.now() < terms.start {
                let words = ClockText(timeZone: terms.timeZone)
                Console.tell(
                    "waiting for the night to begin: \(words.date(terms.start)) \(words.withZone(terms.start)); keep this "
                        + "process running, nothing is recorded until then")
                try await untilBegin(clock, terms.start)
            }
            let (_, event) = try Night.open(terms, at: max(terms.start, clock.now()))
            _ = try journal.open(record, with: event)
        }
        let past = try journal.events(of: record.id)
        let opened = try NightSession.terms(openedBy: past, of: record)
        if json { Console.print(#"{"schemaVersion":1,"night":"\#(record.id)"}"#) }
        // What a night was made of may be gone once it has ended; its result is told from the journal alone.
        if let outcome = past.outcome { return try conclude(outcome) }
        try NightSession.requireAgent(for: record.job)
        try SourceSnapshot.take(
            of: record.job, leavingOut: [project.directory], to: project.sourceDirectory(record.id))
        let screen = NightScreen(style: style, past: isNew ? [] : past, timeZone: opened.timeZone)
        if isNew { await screen.show(past, at: clock.now()) }
        let publisher = try NightSession(project: project, record: record, terms: opened).modelPublisher()
        let runner = NightRunner(
            journal: journal, backend: try await session(opened), publisher: publisher, clock: clock
        ) { _, events, now in
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
            await (publisher as? NightPublisher)?.end()
            await screen.clear()
            Console.tell(
                "nobody steers \(record.id) any more; a machine that runs goes on until it is done or its lease ends\n"
                    + "go on: the same command again · end it: nightshift stop \(record.id)")
            throw ExitCode.interrupted
        } catch let error as ExitCode {
            throw error
        } catch {
            await (publisher as? NightPublisher)?.end()
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
            if let line = FoundShelf(job: record.job, project: project).serviceLine { Console.print(line) }
            Console.print("report \(files.page)")
        }
        if case .failed(.training) = outcome { tellLogTail(timeline) }
        if let next = nextStep(after: outcome, events), style != .silent { Console.tell("what to do: \(next)") }
        let code = ExitCode(outcome)
        if code != .success { throw code }
    }

    /// What a person may want to do about a night that kept the previous model, or was promised on wrong figures.
    private func nextStep(after outcome: NightOutcome, _ events: [NightEvent]) -> String? {
        switch outcome {
        case .completed:
            events.toldUnits.max().flatMap { units in
                // Nearly all: the last line may tell a little less than the total.
                units > record.job.progress.total * 0.9
                    ? nil
                    : "training ended by itself at \(NumberText.exact(units)) of "
                        + "\(NumberText.exact(record.job.progress.total)) units; correct progress.total, on which the "
                        + "promise is built"
            }
        case .keptPrevious(.gate), .keptPrevious(.late), .keptPrevious(.notPublished):
            "see why: nightshift models show \(record.id); put it into service all the same: nightshift models publish "
                + record.id
        case .keptPrevious(.tripwire):
            "nightshift logs \(record.id); once it is mended, the same command with --again trains a new night from zero"
        case .keptPrevious, .failed: nil
        }
    }

    /// The backend of the recorded night; a market that cannot be read any more is a problem of the person's files.
    private func session(_ terms: NightTerms) async throws -> any CapacityBackend {
        do {
            return try await NightSession(project: project, record: record, terms: terms).backend()
        } catch let problems as MarketProblems {
            Console.tell(
                "\(problems)\n\(record.id) is not steered until that is put right; then: the same command again")
            throw ExitCode.badInput
        }
    }

    /// What a person looks for first when the code is to blame: the last lines it wrote.
    private func tellLogTail(_ timeline: Timeline) {
        let log = TrainingLog(directory: project.machinesDirectory(record.id))
        let lines = timeline.launches.reversed().lazy.map { log.tail(of: $0.key, lines: 5) }.first { !$0.isEmpty } ?? []
        if !lines.isEmpty { Console.tell("the last lines of the training process:") }
        for line in lines { Console.tell("  \(line)") }
        Console.tell("what to do: nightshift logs \(record.id)")
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

    private func untilBegin(_ clock: ScaledNightClock, _ start: Instant) async throws {
        do {
            try await untilInterrupted {
                await clock.sleep(until: start)
                try Task.checkCancellation()
            }
        } catch is CancellationError {
            Console.tell("not started: interrupted before the night began; nothing was bought")
            throw ExitCode.interrupted
        }
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

extension [NightEvent] {
    /// All progress that machines told.
    fileprivate var toldUnits: [Double] {
        compactMap { event in
            if case .progressed(_, let point) = event.kind { point.units } else { nil }
        }
    }
}
