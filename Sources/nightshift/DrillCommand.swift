// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DrillRunner
import Drills
import Foundation
import JobFiles
import ProcessSupervision
import Reports
import TrainingJobs

struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Proves that a job can be interrupted: trains it, stops it in five ways, compares.",
        discussion: """
            Two undisturbed runs come first: what they agree on, the disturbed runs must agree on too. Nothing is bought;
            the runs are made on this machine. The verdict is remembered, and `check` and `run` know it.

            EXAMPLES:
              nightshift drill --epochs 4
              nightshift drill Examples/recommender/job.yaml --epochs 4 --html drill.html
              nightshift drill --only kill --only notice --tolerance loss=0.01
              nightshift drill --input train=data/train            a job that trains on SageMaker, here
            """)

    @Argument(help: "The job file.")
    var job = "nightshift.yaml"

    @OptionGroup var options: ProjectOptions

    @Option(
        name: [.customLong("epochs"), .customLong("units")],
        help:
            "Train only so many units of progress in each run; the hyperparameter that says how many is found by its value."
    )
    var epochs: Int?

    @Option(
        help: ArgumentHelp(
            "Where a channel's data is on this machine, for a job whose data is in a bucket; may be repeated.",
            valueName: "channel=dir"))
    var input: [String] = []

    @Option(help: "Only this disturbance; may be repeated. Some of them do not prove a job for requireDrill.")
    var only: [Disturbance] = []

    @Option(help: "METRIC=LIMIT: how far it may lie from the undisturbed run; may be repeated.")
    var tolerance: [String] = []

    @Option(help: "A metric that is not compared; may be repeated. Those that measure time never are.")
    var ignore: [String] = []

    @Option(help: "Runs at the same time (default: 2, or 1 where there is a GPU or one core).")
    var parallel: Int?

    @Option(help: "Also write the page here.")
    var html: String?

    @Flag(name: .shortAndLong, help: "No progress, only the result.")
    var quiet = false

    @Flag(help: "A JSON document.")
    var json = false

    func validate() throws {
        if let epochs, epochs < 2 { throw ValidationError("--epochs is at least 2: one to stop in, one to resume in") }
        if let parallel, parallel < 1 { throw ValidationError("--parallel is at least 1") }
        _ = try tolerances()
    }

    private func tolerances() throws -> [String: Double] {
        var limits: [String: Double] = [:]
        for text in tolerance {
            guard let split = text.lastIndex(of: "="), let limit = Double(text[text.index(after: split)...]),
                limit >= 0,
                split != text.startIndex
            else { throw ValidationError("--tolerance is METRIC=LIMIT, like loss=0.01, not \(text)") }
            limits[String(text[..<split])] = limit
        }
        return limits
    }

    func run() async throws {
        var file = try readJobFile(job, quiet: quiet || json)
        file.job.inputChannels = try DrillInputs.onThisMachine(file, typed: input)
        try NightSession.requireAgent()
        try refuseBrokenJob(file, because: "nothing was started")
        try refuseUnknownMetrics(file)
        let project = options.project
        let archive = project.drills(of: file.job.name)
        let drilled = try shortened(file)
        let runner = DrillRunner(
            job: drilled, unitsOfJob: file.job.progress.total, archive: archive,
            settings: DrillRunner.Settings(
                disturbances: only.isEmpty ? Disturbance.allCases : Disturbance.allCases.filter(only.contains),
                parallel: parallel ?? Self.defaultParallel, tolerances: try tolerances(), ignored: Set(ignore),
                agentExecutable: NightSession.programDirectory + "/nightshift-agent",
                environment: ProcessInfo.processInfo.environment, leftOut: [project.directory],
                notCounted: DrillMemory.free(file)
                    + [html].compactMap { $0 }.map { URL(filePath: $0).standardizedFileURL.path(percentEncoded: false) }
            ))
        let isTold = !quiet && !json
        let report: DrillReport
        do {
            report = try await runner.run(original: file.job) { news in
                if isTold { Self.tell(news) }
            }
        } catch let error as DrillError {
            Console.tell(error.description)
            throw ExitCode.refusedBeforeStart
        }
        let evidence = try keep(report, in: archive)
        if let html { try Data(DrillPage(report).html.utf8).write(to: URL(filePath: html), options: .atomic) }
        if json {
            Console.print(try NightJSON.text(DrillDocument(report, evidence: evidence)))
        } else {
            Console.print(DrillView(report).text + " evidence          \(Self.shown(evidence))/drill.html\n")
        }
        if !report.passed { throw ExitCode.verificationFailed }
    }

    /// Everything but the verdict first: once that is there, the drill counts.
    private func keep(_ report: DrillReport, in archive: DrillArchive) throws -> String {
        try archive.save(DrillCSV.text(report), as: "trajectories.csv", of: report.id)
        for (name, svg) in report.pictures { try archive.save(svg, as: "\(name).svg", of: report.id) }
        try archive.save(DrillPage(report).html, as: "drill.html", of: report.id)
        try archive.save(try NightJSON.line(report), as: DrillArchive.reportName, of: report.id)
        return archive.path(of: report.id)
    }

    /// As it is reached from here.
    private static func shown(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    private func shortened(_ file: JobFile) throws -> TrainingJob {
        guard let epochs else { return file.job }
        if Double(epochs) >= file.job.progress.total {
            if Double(epochs) > file.job.progress.total {
                Console.tell("the job has only \(NumberText.exact(file.job.progress.total)); all of them are trained")
            }
            return file.job
        }
        guard let job = DrillJob.shortened(file.job, to: epochs) else {
            let total = NumberText.exact(file.job.progress.total)
            Console.tell(
                "\(job):\(file.places["hyperparameters"].line): hyperparameters: none has the value \(total) of "
                    + "progress.total, so --epochs cannot shorten the training; name it there, or drill without --epochs"
            )
            throw ExitCode.badInput
        }
        return job
    }

    private func refuseUnknownMetrics(_ file: JobFile) throws {
        let known = Set(file.job.metricDefinitions.map(\.name) + [DrillJudge.learningRateName])
        let unknown = (ignore + (try tolerances()).keys).filter { !known.contains($0) }.sorted()
        guard !unknown.isEmpty else { return }
        Console.tell(
            "\(unknown.joined(separator: ", ")): no such metric in metricDefinitions of \(job); known: "
                + known.sorted().joined(separator: ", "))
        throw ExitCode.badInput
    }

    private static func tell(_ news: DrillRunner.News) {
        switch news {
        case .began(let name): Console.tell("\(name): training")
        case .ended(let run):
            let resumes = run.stays.count - 1
            let words = resumes == 0 ? "done" : "done, \(NumberText.count(resumes, "resume"))"
            Console.tell("\(run.name): \(run.model == nil ? "ended without a model" : words)")
        }
    }

    /// Two runs share two cores, but not a GPU's memory.
    private static var defaultParallel: Int {
        FileManager.default.fileExists(atPath: "/dev/nvidia0")
            ? 1 : min(2, ProcessInfo.processInfo.activeProcessorCount)
    }
}

extension Disturbance: ExpressibleByArgument {}
