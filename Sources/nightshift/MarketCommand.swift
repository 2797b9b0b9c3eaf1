// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NightRunner
import ProcessSupervision
import Reports
import SpotMarket
import TrainingJobs

struct MarketCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "market", abstract: "Learns how Spot capacity comes and goes, from your nights and from traces.",
        discussion: """
            EXAMPLES:
              nightshift market fit
              nightshift market show --html market.html
              nightshift market record --directory traces
            """,
        subcommands: [Fit.self, Show.self, Record.self])

    struct Fit: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fit", abstract: "Fits the hazards of every pool and puts them in force.",
            discussion: """
                Reads every night of this project's journal, and the traces that are named. The fit replaces the one
                before. Few nights move it little.

                EXAMPLES:
                  nightshift market fit
                  nightshift market fit --trace us-west-2a_v100_1.json --html market.html
                  nightshift market fit --trace us-east-1f_v100_1.json --nodes 4 --instance-type p3.2xlarge --zone us-east-1f
                  nightshift market fit --trace windows.txt#0.json --instance-type p3.2xlarge --zone us-west-2a --json
                """)

        @OptionGroup var options: ProjectOptions
        @OptionGroup var traces: MarketTraceOptions
        @OptionGroup var output: MarketOutput

        func run() throws {
            try output.tryOut()
            let project = options.project
            var fitter = MarketFitter()
            let read = try traces.read()
            if traces.trace.isEmpty || FileManager.default.fileExists(atPath: project.journalPath) {
                let journal = traces.trace.isEmpty ? try project.existingJournal() : try project.journal()
                for night in try journal.nights() { fitter.add(night: try journal.events(of: night)) }
            }
            for (trace, pool) in read {
                guard !fitter.hasSeen(trace) else {
                    Console.tell(
                        TerminalText.sanitized(
                            "\(trace.provenance.source): is left out: the night that it was recorded from is in this "
                                + "project's journal, and would count twice"))
                    continue
                }
                fitter.add(trace, of: pool)
            }
            try MarketCommand.telling {
                let store = MarketModelStore(project)
                guard !fitter.fits.isEmpty else {
                    Console.tell(
                        "no Spot machine was had or refused yet: nothing to learn from, so nothing was changed")
                    return try output.show(try store.read())
                }
                let file = MarketModelFile(fittedAt: SystemClock.now(), pools: fitter.fits)
                tellDropped(from: store, by: file)
                try store.write(file)
                try output.show(file)
            }
        }

        /// An earlier file that cannot be read is replaced: that is what its own message advises.
        private func tellDropped(from store: MarketModelStore, by file: MarketModelFile) {
            let earlier = (try? store.read())?.pools ?? []  // see above
            for fit in earlier where fit.traces > 0 && !file.pools.contains(where: { $0.pool == fit.pool }) {
                Console.tell(TerminalText.sanitized(MarketWords.dropped(fit.pool)))
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Shows the hazards in force, as numbers and as a picture.",
            discussion: """
                EXAMPLES:
                  nightshift market show
                  nightshift market show --html market.html --svg market.svg
                  nightshift market show --json
                """)

        @OptionGroup var options: ProjectOptions
        @OptionGroup var output: MarketOutput

        func run() throws {
            try MarketCommand.telling { try output.show(try MarketModelStore(options.project).read()) }
        }
    }

    /// Ends the command with the code of what is wrong with a file.
    static func telling<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do { return try body() } catch let problems as MarketProblems {
            for problem in problems.problems { Console.tell(TerminalText.sanitized(problem)) }
            throw ExitCode.badInput
        }
    }
}

/// How models are shown: as text, as JSON, and in files.
struct MarketOutput: ParsableArguments {
    @Flag(help: "A JSON document.")
    var json = false

    @Option(help: "Writes a page with the picture there.")
    var html: String?

    @Option(help: "Writes the picture there.")
    var svg: String?

    func tryOut() throws { try OutputFile.tryOut([("--html", html), ("--svg", svg)]) }

    /// `nil` is the shipped law.
    func show(_ file: MarketModelFile?) throws {
        if let html { try OutputFile.write(MarketPage(file).html, to: html) }
        if let svg { try OutputFile.write(MarketSVG(file?.pools ?? []).text, to: svg) }
        if json { return Console.print(try NightJSON.text(MarketDocument(file))) }
        if html == nil && svg == nil { Console.print(MarketView(file).text) }
    }
}
