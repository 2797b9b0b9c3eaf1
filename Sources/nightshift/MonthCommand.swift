// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JobFiles
import NightSimulator
import Reports
import TrainingJobs

struct MonthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "month", abstract: "Works out what a month of nights costs, by arithmetic and by simulation.",
        discussion: """
            What is not typed comes from the job file, its market, and nights simulated in that market.

            EXAMPLES:
              nightshift month job.yaml
              nightshift month job.yaml --nights 30 --hours 4 --on-demand 33 --spot 10 \\
                  --interrupted 3 --redone 20min --fallback 2
              nightshift month job.yaml --trace us-west-2a.json --json
            """)

    @Argument(help: "The job file.")
    var job = "nightshift.yaml"

    @Option(parsing: .unconditional, help: ArgumentHelp("Nights in the month.", valueName: "number"))
    var nights = "30"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Training in one night, as 4 or 4h30min (default: expectedRuntime).", valueName: "hours"))
    var hours: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("On-demand, dollars an hour (default: the market's).", valueName: "price"))
    var onDemand: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Spot, dollars an hour (default: the market's cheapest).", valueName: "price"))
    var spot: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Nights with an interruption (default: as simulated).", valueName: "number"))
    var interrupted: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Work that such a night does again (default: as simulated).", valueName: "time"))
    var redone: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Nights on on-demand (default: as simulated).", valueName: "number"))
    var fallback: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("How many nights to simulate.", valueName: "number"))
    var simulated = "200"

    @OptionGroup var project: ProjectOptions
    @OptionGroup(title: "Of the simulated nights") var options: SimulationOptions

    @Flag(help: "A JSON document.")
    var json = false

    /// The simulated market keeps its own prices, whatever the arithmetic is told.
    private static var marketPrices: StudyOptions {
        var prices = StudyOptions()
        prices.isReference = false
        prices.spotPrice = nil
        prices.onDemandPrice = nil
        return prices
    }

    func run() async throws {
        var file = try readJobFile(job, quiet: json)
        // The simulated nights train as long as those of the arithmetic. What is no length of time is told with the rest.
        if let hours = hours.flatMap(MonthParameters.hours) { file.job.expectedRuntime = hours }
        let setup: SimulationSetup
        do {
            setup = try SimulationSetup(
                file, options, in: project.project, prices: Self.marketPrices,
                nights: simulated)
        } catch {
            if let hours { Console.tell("the work of a night is that of --hours \(hours) here, not expectedRuntime") }
            throw error
        }
        let policy = file.job.policy
        let hasOnDemand = setup.terms.onDemand != nil
        let policies = [policy] + (hasOnDemand && policy != .onDemandOnly ? [.onDemandOnly] : [])
        let progress = StudyProgress()
        defer { progress.end() }
        progress.begin("playing nights", of: setup.nights)
        let results = try await setup.study(of: setup.window, progress)
            .results(of: policies, nights: setup.nights)
        var parameters = MonthParameters(
            terms: setup.terms, result: results[0], typedNights: nights, typedHours: hours, typedOnDemand: onDemand,
            typedSpot: spot, typedInterrupted: interrupted, typedRedone: redone, typedFallback: fallback)
        let arithmetic = try parameters.read()
        let study = MonthStudy(
            terms: setup.terms, arithmetic: arithmetic, sources: parameters.sources, markets: setup.source.words,
            result: results[0], onDemand: hasOnDemand ? results.last : nil)
        Console.print(json ? try NightJSON.text(MonthDocument(study)) : MonthView(study).text)
    }
}
