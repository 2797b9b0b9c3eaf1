// SPDX-License-Identifier: Apache-2.0

import AWSClient
import ArgumentParser
import ControlPlane
import Foundation
import Reports
import SpotMarket
import TrainingJobs

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Plays SageMaker on this machine, for scripts that stay as they are.",
        discussion: """
            SageMaker, S3, CloudWatch Logs, STS and IAM answer on one port. A script that trains with the SageMaker SDK
            trains here, on a simulated Spot market with real interruptions, once its environment points here:

            EXAMPLES:
              nightshift serve --sagemaker
              nightshift serve --sagemaker --market market.json --time-scale 360
              eval "$(nightshift env)" && python3 train_on_sagemaker.py
            """)

    @Flag(help: "Serves SageMaker's training jobs, and what its clients need beside them.")
    var sagemaker = false

    @OptionGroup var place: StagePlace
    @OptionGroup var options: ProjectOptions
    @OptionGroup var quotas: StageQuotas

    @Option(help: ArgumentHelp("`calm`, where capacity is always there, or a market file.", valueName: "calm|file"))
    var market = "calm"

    @Option(help: "Market seconds per second; training is never faked, only the market and the limits run faster.")
    var timeScale = 1

    @Option(help: ArgumentHelp("The program that runs scripts.", valueName: "program"))
    var python = "python3"

    func validate() throws {
        if !sagemaker { throw ValidationError("there is nothing to serve; give --sagemaker") }
        guard (1...100_000).contains(timeScale) else { throw ValidationError("--time-scale is between 1 and 100000") }
    }

    func run() async throws {
        let access = try place.access()
        let market = try stageMarket()
        allowManyConnections()
        let directory = options.project.stageDirectory
        do {
            let buckets = try Buckets(directory: directory + "/s3")
            let stage = try Stage(settings: try settings(market, access), buckets: buckets)
            let server = StageServer(
                access: access, port: place.port, timeScale: timeScale, buckets: buckets,
                targets: ["SageMaker": stage.sageMakerService, "Logs_20140328": stage.logsService])
            let words = words(access)
            // Jobs start once their scripts can reach the server, and end before this command does.
            let (ready, tellReady) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { tellReady.finish() }
                    try await server.run { _ in
                        Console.print(words)
                        tellReady.yield()
                    }
                    await stage.close()
                }
                group.addTask {
                    for await _ in ready { return await stage.run() }
                }
                do {
                    try await group.waitForAll()
                } catch {
                    await stage.close()
                    throw error
                }
            }
            Console.tell("the stage is closed; jobs that ran go on at the next start")
        } catch {
            Console.tell(TerminalText.sanitized(Self.words(error, directory: directory)))
            throw ExitCode.failure
        }
    }

    private func stageMarket() throws -> StageMarket {
        if market == "calm" { return .calm }
        do {
            let market = StageMarket.file(try NightSession.marketFile(at: market))
            try market.check()
            return market
        } catch {
            for problem in error.problems { Console.tell(TerminalText.sanitized("\(market): \(problem)")) }
            throw ExitCode.badInput
        }
    }

    private func settings(_ market: StageMarket, _ access: StageAccess) throws -> StageSettings {
        var environment = StageSettings.scriptEnvironment(
            from: ProcessInfo.processInfo.environment, endpoint: place.endpoint, region: StageIdentity.defaultRegion)
        for (name, value) in access.clientKeys { environment[name] = value }
        return StageSettings(
            directory: options.project.stageDirectory + "/jobs", account: StageIdentity.account, market: market,
            timeScale: timeScale, python: python, environment: environment, quotas: quotas.limits)
    }

    private func words(_ access: StageAccess) -> String {
        let reach =
            access.isLocal ? "this machine alone" : "whoever reaches \(access.address) and has the token, unencrypted"
        let keys = access.secret == nil ? "any key will do" : "signatures are checked"
        let scale = timeScale == 1 ? "in real time" : "\(timeScale) of its seconds a second"
        let text = """
            stage of SageMaker   \(place.endpoint)   SageMaker, S3, Logs, STS and IAM
             state    \(options.project.stageDirectory)
             market   \(market), \(scale)
             access   \(reach); \(keys)
             scripts  \(python), with your own packages

             in the shell of your script:  eval "$(\(place.environmentCommand(options)))"
             Ctrl-C closes it; jobs that run are stopped then, and go on at the next start
            """
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.sanitized(String($0)) }
            .joined(separator: "\n")
    }

    private static func words(_ error: any Error, directory: String) -> String {
        switch error {
        case let error as CannotListen where error.isTaken:
            "\(error); another program has the port: choose one with --port"
        case let error as CannotListen: "\(error); choose another with --address and --port"
        case BucketsError.inUse:
            "\(directory) is in use by another nightshift serve; end that one, or choose a directory with --state"
        case let error as BucketsError: "not started: \(error); choose a state directory with --state"
        default: "the stage ended: \(error)"
        }
    }

    /// Each connection is an open file, and systems begin with 1024.
    private func allowManyConnections() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        // Where it is refused, fewer connections are served.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension Project {
    var stageDirectory: String { directory + "/stage" }
}
