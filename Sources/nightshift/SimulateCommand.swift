// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightSimulator
import Reports
import SpotMarket
import TrainingJobs

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Plays a job's night many times under several policies, and compares them.",
        discussion: """
            The nights are the production code against a market file or availability traces, in virtual time.

            EXAMPLES:
              nightshift simulate job.yaml
              nightshift simulate job.yaml --trace us-west-2a.json --nights 1000 --policy nightshift,greedy
              nightshift simulate job.yaml --trace us-west-2a=a.json --trace us-west-2b=b.json --html study.html
            """)

    @Argument(help: "The job file.")
    var job = "nightshift.yaml"

    @OptionGroup var options: SimulationOptions

    @Flag(help: "A JSON document.")
    var json = false

    @Option(help: "Writes a page with pictures there.")
    var html: String?

    @Option(help: "Writes the picture there.")
    var svg: String?

    func run() async throws {
        let setup = try SimulationSetup(try readJobFile(job, quiet: json), options)
        do {
            let report = try await report(setup)
            Console.print(json ? try NightJSON.text(SimulationDocument(report)) : SimulationView(report).text)
        } catch let problems as TraceProblems {
            Console.tell(problems.description)
            throw ExitCode.badInput
        }
    }

    private func report(_ setup: SimulationSetup) async throws -> SimulationReport {
        let study = try setup.study(of: setup.window)
        let reference =
            setup.terms.onDemand == nil || setup.policies.contains(.onDemandOnly) ? [] : [PolicyName.onDemandOnly]
        let results = try await study.results(of: setup.policies + reference, nights: setup.nights)
        return SimulationReport(
            terms: setup.terms, conditions: setup.conditions, nodes: setup.nodes, markets: setup.source.words,
            results: Array(results.prefix(setup.policies.count)),
            onDemand: setup.terms.onDemand == nil ? nil : results.first { $0.policy == .onDemandOnly })
    }
}
