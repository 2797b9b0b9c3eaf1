// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import NightRunner
import ProcessSupervision
import Reports
import TrainingJobs

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a night, or goes on with the one that was interrupted.",
        discussion: """
            The same command again goes on with the same night, whatever was killed in between. A night that has ended
            is not run twice: its result is told again, unless --again is given.

            EXAMPLES:
              nightshift run nightshift.yaml
              nightshift run Examples/recommender/job.yaml --time-scale 360
              nightshift run nightshift.yaml --date 2026-11-25 --dry-run
            """)

    @Argument(help: "The job file.")
    var job = "nightshift.yaml"

    @OptionGroup var options: ProjectOptions

    @Option(help: "The night, by the local date of its deadline (default: the next one).")
    var date: String?

    @Option(help: "Night seconds per second; training is never faked, only the clock and the prices run faster.")
    var timeScale = 1

    @Option(help: "Draws the seeded parts of the market anew.")
    var seed: UInt64?

    @Flag(help: "Runs a date that has been run already once more, as a night of its own.")
    var again = false

    @Flag(help: "Shows the plan and starts nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "No progress, only the result.")
    var quiet = false

    @Flag(help: "One event a line on stdout, then the report as a document on the last line.")
    var json = false

    func validate() throws {
        if dryRun && json { throw ValidationError("--dry-run shows the plan for people; it has no --json") }
        guard (1...100_000).contains(timeScale) else { throw ValidationError("--time-scale is between 1 and 100000") }
        if let date, LocalDate(date) == nil { throw ValidationError("--date is a day like 2026-11-24, not \(date)") }
    }

    func run() async throws {
        let file = try readJobFile(job, quiet: quiet || json)
        let project = options.project
        let journal = try project.journal()
        let opener = NightOpener(project: project, journal: journal, file: file)
        let (record, isNew) = try await opener.find(
            date: date.flatMap { LocalDate($0) }, timeScale: timeScale, seed: seed, again: again)

        let isOver = try !isNew && journal.events(of: record.id).outcome != nil
        if isOver, dryRun {
            Console.tell(
                "\(record.id) is over: nightshift report \(record.id); to plan a new night of that date: --again")
            throw ExitCode.badInput
        }
        if !isNew, !isOver, !quiet, !json { tellDifferences(from: record, file) }
        let terms = isNew || dryRun ? try termsAsProven(try await opener.terms(of: record), file) : nil
        if let terms {
            if let refusal = NightOpening.refusal(of: terms, at: max(terms.start, ScaledNightClock(record.clock).now()))
            {
                Console.tell(RefusalWords.text(refusal, job: file.job))
                throw ExitCode.refusedBeforeStart
            }
            try refuseBrokenJob(file, because: "nothing was bought")
            if dryRun || !(quiet || json) {
                Console.print(PlanView(terms, publishing: record.job.publishing).text)
                if timeScale > 1 { Console.print(Self.scaleWords(timeScale)) }
            }
            if dryRun { return }
        }
        try await NightDriver(project: project, journal: journal, record: record, style: style, json: json)
            .drive(opening: isNew ? terms : nil)
    }

    /// The terms as the last drill allows them: without the proof that the job asks for, Spot is left alone.
    private func termsAsProven(_ terms: NightTerms, _ file: JobFile) throws -> NightTerms {
        let now = SystemClock.now()
        let memory = DrillMemory(project: options.project, file: file)
        let standing = try memory.standing()
        guard let refusal = memory.refusalOfSpot(standing, at: now), terms.policy != .onDemandOnly else {
            if !quiet, !json, terms.policy != .onDemandOnly { Console.tell(memory.line(standing, at: now)) }
            return terms
        }
        guard terms.onDemand != nil else {
            Console.tell(
                "not started: requireDrill: \(refusal), and the job has no on-demand offer; prove it: nightshift drill "
                    + job)
            throw ExitCode.refusedBeforeStart
        }
        var terms = terms
        terms.policy = .onDemandOnly
        terms.spotRefused = refusal
        return terms
    }

    /// A night goes on as it was opened, whatever the command and the file say by now.
    private func tellDifferences(from record: NightRecord, _ file: JobFile) {
        if record.job != file.job {
            Console.tell("\(job) has changed since \(record.id) opened; that night goes on as it was opened")
        }
        if let seed, record.seed != seed {
            Console.tell("\(record.id) keeps the market it was opened with; --seed is ignored")
        }
        if record.clock.factor != timeScale {
            Console.tell("\(record.id) keeps the time scale it was opened with, \(record.clock.factor)")
        }
    }

    /// What a scaled clock does not scale.
    private static func scaleWords(_ scale: Int) -> String {
        let notice = Double(12000 / scale) / 100
        return
            " scale    \(scale) night seconds a second; training takes its real time, so expectedRuntime is its real "
            + "time × \(scale), and a two-minute notice lasts \(notice) s\n"
    }

    private var style: NightScreen.Style {
        if json { return .jsonLines }
        if quiet { return .silent }
        return Console.isLive ? .live : .lines
    }
}

/// Reads a job file or ends the command with every problem in it.
func readJobFile(_ path: String, quiet: Bool) throws -> JobFile {
    do {
        let file = try JobFile.read(path: path)
        if !quiet { for warning in file.warnings { Console.tell(warning.description) } }
        return file
    } catch {
        Console.tell(error.description)
        throw ExitCode.badInput
    }
}

/// What is known to break tonight is refused tonight, before anything is started; `words` say what was spared.
func refuseBrokenJob(_ file: JobFile, because words: String) throws {
    let errors = JobCheck.findings(file, in: Surroundings.here).filter { $0.severity == .error }
    guard !errors.isEmpty else { return }
    for error in errors { Console.tell(error.description) }
    Console.tell("not started: \(words); see: nightshift check \(file.path)")
    throw ExitCode.badInput
}
