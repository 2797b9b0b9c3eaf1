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
        if study.isReference || isFile { try await playFile() } else { try await playJob() }
    }

    /// A number, also one that is none of nights, is no file.
    private var isFile: Bool {
        Double(nights) == nil
            && (nights.contains("/") || nights.hasSuffix(".csv") || FileManager.default.fileExists(atPath: nights))
    }

    private func playFile() async throws {
        let jobOnly =
            (job == nil ? [] : ["a job file"]) + options.typed + (json ? ["--json"] : [])
            + (html == nil ? [] : ["--html"]) + (svg == nil ? [] : ["--svg"])
        guard jobOnly.isEmpty else {
            throw ValidationError(
                "--nights: \(nights) lists the nights, and \(jobOnly.joined(separator: ", ")) is for a job's nights; leave "
                    + "it out, or give a number of nights")
        }
        let contenders = try policies.contenders(allowingOptimum: true)
        try await SimulateNights(
            file: nights, contenders: contenders, isReference: study.isReference, spotRates: try study.spotRates(),
            onDemandRate: try study.onDemandRate()
        ).run()
    }

    private func playJob() async throws {
        let names = try policies.policies()
        let setup = try SimulationSetup(
            try readJobFile(job ?? "nightshift.yaml", quiet: json), options, in: project.project, prices: study,
            nights: nights)
        for warning in PlanView(setup.terms).warnings { Console.tell(warning) }
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
        let study = try setup.study(of: setup.window)
        let hasOnDemand = setup.terms.onDemand != nil
        let all = names + (hasOnDemand && !names.contains(.onDemandOnly) ? [.onDemandOnly] : [])
        let results = try await study.results(of: all, nights: setup.nights)
        var report = SimulationReport(
            terms: setup.terms, conditions: setup.conditions, nodes: setup.nodes, markets: setup.source.words,
            results: results, onDemand: hasOnDemand ? results.first { $0.policy == .onDemandOnly } : nil,
            optimum: try await study.optimum(nights: setup.nights))
        guard html != nil || svg != nil else { return report }
        let windows = setup.sweptWindows(Self.sweptDeadlines)
        report.sweep = try await setup.study(of: windows.last ?? setup.window)
            .sweep(windows, of: all, nights: min(setup.nights, Self.sweptNights))
        let night = results[0].night(atPercentile: 75)
        report.courses = try all.map { try study.events(of: $0, night: night) }
        return report
    }
}
