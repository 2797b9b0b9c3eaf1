// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import Reports
import SpotAdvisor
import TrainingJobs

struct AdviseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise",
        abstract: "Says whether Spot fits a job, with odds and money; of many jobs, which first.",
        discussion: """
            Nothing is bought and nothing is trained. With --exit-code it ends with 0 when Spot fits, 10 when it fits with
            conditions, 11 when it does not; of many jobs the worst counts.

            EXAMPLES:
              nightshift advise job.yaml
              nightshift advise job.yaml --html advice.html
              nightshift advise jobs/*.yaml --engineering-week 6000USD
              nightshift advise job.yaml --json --exit-code
            """)

    @Argument(help: "The job files (default: nightshift.yaml).")
    var jobs: [String] = []

    @OptionGroup var project: ProjectOptions
    @OptionGroup var options: AdviseOptions

    @Flag(help: "A JSON document.")
    var json = false

    @Option(help: ArgumentHelp("Writes a page there.", valueName: "file"))
    var html: String?

    @Flag(help: "Ends with 0, 10 or 11 by the verdict.")
    var exitCode = false

    func run() throws {
        let files = jobs.isEmpty ? ["nightshift.yaml"] : jobs
        // Every file is read before the first is judged: a person hears of all problems at once.
        var advised: [JobFile] = []
        var isBad = false
        for file in files {
            do { advised.append(try readJobFile(file, quiet: json)) } catch { isBad = true }
        }
        if isBad { throw ExitCode.badInput }
        let setup = try AdviseSetup(options, in: project.project)
        let briefs = try setup.briefs(of: advised)
        let portfolio = AdvicePortfolio(briefs.map(Advice.init))
        if let html { try OutputFile.write(AdvicePage(portfolio).html, to: html) }
        try show(portfolio)
        if exitCode, let worst = portfolio.ranked.map({ Self.code($0.verdict.fit) }).max(), worst != 0 {
            throw ExitCode(worst)
        }
    }

    private func show(_ portfolio: AdvicePortfolio) throws {
        let one = portfolio.ranked.count == 1 ? portfolio.ranked[0] : nil
        if json {
            Console.print(
                try one.map { try NightJSON.text(AdviceDocument($0)) } ?? NightJSON.text(PortfolioDocument(portfolio)))
        } else {
            Console.print(one.map { AdviceView($0).text } ?? PortfolioView(portfolio).text)
        }
    }

    private static func code(_ fit: AdviceVerdict.Fit) -> Int32 {
        switch fit {
        case .fits: 0
        case .fitsWithConditions: 10
        case .doesNotFit: 11
        }
    }
}

/// What advice is asked with, as it was typed.
struct AdviseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The night to judge, as of its start (default: the next one, as of now).", valueName: "date")
    )
    var date: String?

    @Option(help: ArgumentHelp("The market file with the prices (default: the job's own).", valueName: "file"))
    var market: String?

    @Option(help: ArgumentHelp("What a week of engineering costs (default: 5000USD).", valueName: "money"))
    var engineeringWeek: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long a save stops the training (default: as the last drill measured it, else at most 10 s).",
            valueName: "time"))
    var saveTime: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("How many nights are simulated.", valueName: "number"))
    var nights = "400"

    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of the simulated nights.", valueName: "number"))
    var seed = "1"
}
