// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NightSimulator
import Reports
import SpotMarket
import TrainingJobs

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Plays many nights and compares policies.",
        discussion: """
            Of a job: its night under the production code, in virtual time, against a market file or traces.
            Of a CSV file: the nights that it lists, in ticks, by the published simulator's rules of time and money.

            EXAMPLES:
              nightshift simulate job.yaml --policy nightshift,greedy,uniform-progress
              nightshift simulate job.yaml --trace us-west-2a.json --nights 1000
              nightshift simulate job.yaml --trace us-west-2a=a.json --trace us-west-2b=b.json --html study.html
              nightshift simulate --nights study.csv --policy nightshift,optimum --reference
            """)

    @Argument(help: "The job file (default: nightshift.yaml).")
    var job: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many nights, or a CSV file of them.", valueName: "number|file"))
    var nights = "200"

    @OptionGroup var policies: PolicyList
    @OptionGroup var project: ProjectOptions
    @OptionGroup(title: "Of a job's nights") var options: SimulationOptions
    @OptionGroup(title: "Prices, and rules of a file's nights") var study: StudyOptions

    @Flag(help: "A JSON document (of a job's nights).")
    var json = false

    @Option(help: ArgumentHelp("Writes a page with pictures there (of a job's nights).", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Writes the picture there (of a job's nights).", valueName: "file"))
    var svg: String?

    /// Of the picture: enough for a curve.
    private static let (sweptDeadlines, sweptNights) = (9, 60)

    func run() async throws {
        var reader = OptionReader()
        if nights.isEmpty {
            reader.complain("--nights: is empty; give a number of nights, or a CSV file that lists them")
        }
        if study.isReference, !nights.isEmpty, !isFile {
            reader.complain(
                "--reference: is for nights that a file lists, and \"\(nights)\" is none; give --nights FILE")
        }
        try reader.finish()
        if isFile { try await playFile() } else { try await playJob() }
    }

    /// A number, also one that is none of nights, is no file.
    private var isFile: Bool {
        Double(nights) == nil
            && (nights.contains("/") || nights.hasSuffix(".csv") || FileManager.default.fileExists(atPath: nights))
    }

    private func playFile() async throws {
        var reader = OptionReader()
        let jobOnly =
            (job == nil ? [] : ["a job file"]) + options.typed + (json ? ["--json"] : [])
            + (html == nil ? [] : ["--html"]) + (svg == nil ? [] : ["--svg"])
        if !jobOnly.isEmpty {
            reader.complain(
                "--nights: \(nights) lists the nights, and \(jobOnly.joined(separator: ", ")) is for a job's nights; leave "
                    + "it out, or give a number of nights")
        }
        let (spotRates, onDemandRate) = (study.spotRates(&reader), study.onDemandRate(&reader))
        try reader.finish()
        let contenders = try policies.contenders(allowingOptimum: true)
        try await SimulateNights(
            file: nights, contenders: contenders, isReference: study.isReference, spotRates: spotRates,
            onDemandRate: onDemandRate
        ).run()
    }

    private func playJob() async throws {
        let names = try policies.policies()
        let setup = try SimulationSetup(
            try readJobFile(job ?? "nightshift.yaml", quiet: json), options, in: project.project, prices: study,
            nights: nights)
        for warning in setup.warnings { Console.tell(TerminalText.sanitized(warning)) }
        try OutputFile.tryOut([("--html", html), ("--svg", svg)])
        do {
            let report = try await report(setup, names)
            if let html { try OutputFile.write(SimulationPage(report).html, to: html) }
            if let svg { try OutputFile.write(SimulationSVG(report).text, to: svg) }
            Console.print(json ? try NightJSON.text(SimulationDocument(report)) : SimulationView(report).text)
        } catch let problems as TraceProblems {
            Console.tell(problems.problems.map(TerminalText.sanitized).joined(separator: "\n"))
            throw ExitCode.badInput
        }
    }

    /// On-demand from the start is played in any case: what a policy saves is measured against it.
    private func report(_ setup: SimulationSetup, _ names: [PolicyName]) async throws -> SimulationReport {
        let progress = StudyProgress()
        defer { progress.end() }
        let study = try setup.study(of: setup.window, progress)
        let hasOnDemand = setup.terms.onDemand != nil
        let all = names + (hasOnDemand && !names.contains(.onDemandOnly) ? [.onDemandOnly] : [])
        progress.begin("playing nights", of: setup.nights)
        let results = try await study.results(of: all, nights: setup.nights)
        progress.begin("looking for each night's optimum", of: setup.nights)
        var report = SimulationReport(
            terms: setup.terms, conditions: setup.conditions, nodes: setup.nodes, markets: setup.source.words,
            results: results, onDemand: hasOnDemand ? results.first { $0.policy == .onDemandOnly } : nil,
            optimum: try await study.optimum(nights: setup.nights))
        report.warnings = setup.warnings
        guard html != nil || svg != nil else { return report }
        let windows = setup.sweptWindows(Self.sweptDeadlines)
        let swept = min(setup.nights, Self.sweptNights)
        progress.begin("playing nights of other deadlines, for the picture", of: swept)
        report.sweep = try await setup.study(of: windows.last ?? setup.window, progress)
            .sweep(windows, of: all, nights: swept)
        let night = results[0].night(atPercentile: 75)
        report.courses = try all.map { try study.events(of: $0, night: night) }
        return report
    }
}
