// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import InfrastructureExport
import JobFiles
import SpotMarket
import TrainingJobs

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a job as files that run it on SageMaker without Nightshift.",
        discussion: """
            step-functions: the night as a state machine. cloudformation, terraform: that, its schedule, roles and
            alarms. iam: the roles alone. sdk: a Python script, Spot without a fallback. The same job gives the same
            bytes on every day; docs/export.md says what is in them.

            EXAMPLES:
              nightshift export step-functions job.yaml --role-arn arn:aws:iam::123456789012:role/training \\
                  --image 763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.3-gpu-py311 \\
                  --input train=s3://bucket/train --checkpoint-uri s3://bucket/checkpoints --output-uri s3://bucket/models
              nightshift export terraform job.yaml --output infrastructure    role, image and places from the job file
            """)

    @Argument(help: "step-functions, cloudformation, terraform, iam or sdk.")
    var format: ExportFormat

    @Argument(help: "The job file.")
    var job = "nightshift.yaml"

    @OptionGroup(title: "What SageMaker needs and the job file lacks") var options: ExportOptions

    @Option(
        help: ArgumentHelp(
            "Writes the files there (default: the main one to standard output).", valueName: "dir"))
    var output: String?

    @Flag(help: "Overwrites files that this command did not make.")
    var force = false

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let file = try readJobFile(job, quiet: true)
        var stack: TrainingStack
        do {
            stack = try options.stack(of: file.job, version: NightshiftCommand.configuration.version)
        } catch let found as StackProblems {
            for problem in found.problems { Console.tell(problem) }
            throw ExitCode.badInput
        }
        var priced = file.job
        priced.offers = [
            Offer(
                backend: "sagemaker", instanceType: stack.instanceType, region: stack.region, zone: "any",
                purchase: .onDemand)
        ]
        stack.price = try MarketCommand.telling {
            try OfferPrices(
                of: priced, book: try PriceBookStore(project.project).inForce(), for: .plan, on: PricesCommand.today
            ).found.first
        }
        let files = format.files(stack)
        guard let output else {
            Console.print(files[0].text)
            let others = files.dropFirst().map(\.name).joined(separator: ", ")
            if !others.isEmpty { Console.tell("\(others): also wanted; --output DIR writes all") }
            return
        }
        try ExportDirectory(path: output, mayReplaceAll: force).write(files)
        for note in stack.notes.dropFirst() { Console.tell(note) }
    }
}

extension ExportFormat: ExpressibleByArgument {}

struct ExportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The role that SageMaker takes (default: the job's).", valueName: "arn"))
    var roleArn: String?

    @Option(help: ArgumentHelp("The training image in ECR (default: the job's).", valueName: "uri"))
    var image: String?

    @Option(help: ArgumentHelp("SageMaker's instance type (default: the offers').", valueName: "type"))
    var instanceType: String?

    @Option(help: ArgumentHelp("The region (default: the offers').", valueName: "region"))
    var region: String?

    @Option(help: ArgumentHelp("Where a channel's data is. May be repeated.", valueName: "channel=s3://…"))
    var input: [String] = []

    @Option(help: ArgumentHelp("Where checkpoints are kept (default: the job's).", valueName: "s3://…"))
    var checkpointUri: String?

    @Option(help: ArgumentHelp("Where models are put (default: the job's).", valueName: "s3://…"))
    var outputUri: String?

    @Option(help: ArgumentHelp("The source's archive (default: below the output).", valueName: "s3://….tar.gz"))
    var codeUri: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The volume, in gigabytes (default: the job's, else 30).", valueName: "number"))
    var volume: String?

    func stack(of job: TrainingJob, version: String) throws -> TrainingStack {
        var words = StackWords()
        words.roleArn = roleArn ?? job.sageMaker?.roleArn
        words.trainingImage = image ?? job.sageMaker?.trainingImage
        words.instanceType = instanceType
        words.region = region
        words.inputs = input
        words.checkpointUri = checkpointUri
        words.outputUri = outputUri
        words.codeUri = codeUri
        if let known = volume ?? job.sageMaker.map({ String($0.volumeGigabytes) }) { words.volumeGigabytes = known }
        return try StackReader.stack(
            of: job, words, offsets: UTCOffset.published(for: job.schedule.timeZone), version: version)
    }
}

extension UTCOffset {
    /// A zone's clock changes from 2026 to 2040. The years are fixed so that a file is the same on every day it is made.
    static func published(for zone: String) -> [UTCOffset] {
        guard let zone = TimeZone(identifier: zone) else { preconditionFailure("the job's reader knew \(zone)") }
        func offset(_ seconds: Int) -> Int { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))) }
        let first = LocalDate(year: 2026, month: 1, day: 1)!.dayNumber * 86400
        let last = LocalDate(year: 2041, month: 1, day: 1)!.dayNumber * 86400
        var offsets = [UTCOffset(from: Instant(milliseconds: 0), seconds: offset(first))]
        for day in stride(from: first, to: last, by: 86400) where offset(day + 86400) != offset(day) {
            var low = day
            var high = day + 86400
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if offset(middle) == offset(day) { low = middle } else { high = middle }
            }
            offsets.append(UTCOffset(from: Instant(milliseconds: Int64(high) * 1000), seconds: offset(high)))
        }
        return offsets
    }
}
