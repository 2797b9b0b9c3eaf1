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
        let repeated = Set(files.filter { file in files.count { Self.isSame($0, file) } > 1 }).sorted()
        guard repeated.isEmpty else {
            Console.tell("named twice: \(repeated.joined(separator: ", ")); a job counts once")
            throw ExitCode.badInput
        }
        let setup = try AdviseSetup(options, in: project.project)
        // Every file is read before the first is judged: a person hears of all problems at once. What can be judged is,
        // though others cannot.
        var briefs: [AdviceBrief] = []
        var refused: [String] = []
        for file in files {
            do {
                briefs.append(try setup.brief(of: try readJobFile(file, quiet: json)))
            } catch let code as ExitCode {
                guard code == .badInput else { throw code }
                refused.append(file)
            }
        }
        guard !briefs.isEmpty else { throw ExitCode.badInput }
        for index in briefs.indices where briefs.count(where: { $0.job.name == briefs[index].job.name }) > 1 {
            briefs[index].sharesName = true
        }
        let portfolio = AdvicePortfolio(briefs.map(Advice.init))
        if let html { try OutputFile.write(AdvicePage(portfolio).html, to: html) }
        try show(portfolio, asked: files.count)
        guard refused.isEmpty else {
            Console.tell("not judged, for what is said above: \(refused.joined(separator: ", "))")
            throw ExitCode.badInput
        }
        if exitCode, let worst = portfolio.ranked.map({ Self.code($0.verdict.fit) }).max(), worst != 0 {
            throw ExitCode(worst)
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        URL(filePath: one).standardizedFileURL == URL(filePath: other).standardizedFileURL
    }

    private func show(_ portfolio: AdvicePortfolio, asked: Int) throws {
        let one = asked == 1 ? portfolio.ranked[0] : nil
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

    @Option(
        help: ArgumentHelp(
            "The simulated platform's market file (default: the job's own); other prices: nightshift prices show.",
            valueName: "file"))
    var market: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What a week of engineering costs (default: 5000USD).", valueName: "money"))
    var engineeringWeek: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long a save stops the training (default: by checkpointWriteSpeed, else as the last drill or night showed, "
                + "else at most 10 s).",
            valueName: "time"))
    var saveTime: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("How many nights are simulated.", valueName: "number"))
    var nights = "400"

    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of the simulated nights.", valueName: "number"))
    var seed = "1"
}
