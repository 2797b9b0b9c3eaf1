// SPDX-License-Identifier: Apache-2.0

import AWSClient
import ArgumentParser
import Foundation
import ProcessSupervision
import Reports
import SpotMarket
import TrainingJobs

struct PricesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices", abstract: "Prices with their day and source.",
        discussion: """
            EXAMPLES:
              nightshift prices show --type p4d.24xlarge
              nightshift prices refresh --region eu-west-1
            """,
        subcommands: [Show.self, Refresh.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Shows the prices in force: the shipped ones, and newer ones of your own.",
            discussion: """
                EXAMPLES:
                  nightshift prices show
                  nightshift prices show --region us-east-1 --type p4d.24xlarge
                  nightshift prices show --json
                """)

        @OptionGroup var options: ProjectOptions

        @Option(help: "Only this region. May be repeated.")
        var region: [String] = []

        @Option(help: "Only this instance type, as p4d.24xlarge or ml.p4d.24xlarge. May be repeated.")
        var type: [String] = []

        @Flag(help: "A JSON document.")
        var json = false

        func run() throws {
            try MarketCommand.telling {
                var book = try PriceBookStore(options.project).inForce()
                let unknown =
                    PricesWords.unknown("--region", region, among: book.facts.map(\.region))
                    + PricesWords.unknown("--type", type, among: book.facts.map(\.instanceType))
                guard unknown.isEmpty else { throw MarketProblems(problems: unknown) }
                book.facts = book.facts.filter { fact in
                    (region.isEmpty || region.contains(fact.region))
                        && (type.isEmpty || type.contains(fact.instanceType))
                }
                book.storage = book.storage?.filter {
                    type.isEmpty && (region.isEmpty || region.contains($0.region))
                }
                let today = PricesCommand.today
                Console.print(
                    json ? try NightJSON.text(PricesDocument(book, today: today)) : PricesView(book, today: today).text)
            }
        }
    }

    struct Refresh: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "refresh", abstract: "Asks AWS for today's prices and keeps them in the state directory.",
            discussion: """
                Reads with your AWS credentials: pricing:GetProducts, pricing:GetAttributeValues and
                ec2:DescribeSpotPriceHistory. Nothing is changed on AWS's side.

                EXAMPLES:
                  nightshift prices refresh
                  nightshift prices refresh --region us-east-1 --region eu-west-1 --type p4d.24xlarge
                """)

        @OptionGroup var options: ProjectOptions

        @Option(help: "A region. May be repeated (default: AWS_REGION, else the profile's).")
        var region: [String] = []

        @Option(
            help: "EC2's instance type; SageMaker's is asked for with it. May be repeated (default: those shipped).")
        var type: [String] = []

        func run() async throws {
            let settings = AWSSettings.here
            let regions = region.isEmpty ? settings.region.map { [$0] } ?? [] : region
            guard !regions.isEmpty else {
                Console.tell("--region: missing, and neither AWS_REGION nor the profile names one; as eu-west-1")
                throw ExitCode.badInput
            }
            let store = PriceBookStore(options.project)
            var earlier = PriceBook([])
            // Before anything is asked: a book that cannot be read could not be written either.
            try MarketCommand.telling { earlier = try store.own() ?? earlier }
            let known = PriceBook.shipped.facts.filter { $0.product == .ec2 }.map(\.instanceType)
            // `ml.p4d.24xlarge` means the same machine.
            let types = Set(type.isEmpty ? known : type.map { $0.hasPrefix("ml.") ? String($0.dropFirst(3)) : $0 })
            let calls = PriceCalls(
                AWSCaller(settings: settings, transport: HTTPTransport(), time: .here))
            do {
                var fresh = PriceBook([])
                for region in Set(regions).sorted() {
                    let asked = PriceRefresh(
                        calls: calls, region: region, types: types.sorted(), now: SystemClock.now())
                    let result = try await asked.run()
                    fresh.facts += result.facts
                    for missing in result.missing { Console.tell(TerminalText.sanitized(missing)) }
                }
                let today = PricesCommand.today
                let written = fresh.merged(with: earlier, on: today)
                try store.write(written)
                let asked = fresh.merged(with: PriceBook([]), on: today)
                for words in PricesWords.kept(in: written, against: asked) {
                    Console.tell(TerminalText.sanitized(words))
                }
                Console.print(PricesView(asked, today: today).text)
            } catch let error as AWSError {
                Console.tell(TerminalText.sanitized(error.description))
                Console.tell("no price was changed")
                switch error {
                case .noCredentials, .denied: throw ExitCode.refusedBeforeStart
                case .badConfiguration: throw ExitCode.badInput
                case .throttled, .service, .unreachable, .malformed: throw ExitCode.failure
                }
            }
        }
    }

    static var today: LocalDate { LocalDate(at: SystemClock.now()) }
}

extension AWSSettings {
    /// This process's environment and this user's files.
    static var here: AWSSettings {
        let environment = ProcessInfo.processInfo.environment
        return AWSSettings(environment: environment, home: environment["HOME"] ?? "/") { path in
            guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20 else { return nil }
            return String(decoding: data, as: UTF8.self)
        }
    }
}

extension AWSTime {
    static let here = AWSTime(
        now: { SystemClock.now() }, sleep: { try await Task.sleep(for: $0) }, chance: { Double.random(in: 0..<1) })
}
