// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import ProcessSupervision
import SpotMarket
import TrainingJobs

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Writes a commented job file for the training code here.",
        discussion: """
            EXAMPLES:
              nightshift init
              nightshift init --output jobs/recommender.yaml
            """)

    @Option(help: "The file to write; an existing one is never touched.")
    var output = "nightshift.yaml"

    func run() throws {
        let url = URL(filePath: output).absoluteURL
        let directory = url.deletingLastPathComponent().path(percentEncoded: false)
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try JobTemplate.write(to: output, directory: directory)
            Console.tell("wrote \(output)")
            try writeSchema(beside: url)
            try writeMarket(for: try JobFile.read(path: output).job)
        } catch CocoaError.fileWriteFileExists {
            Console.tell("\(output) exists already and is left as it is; --output NAME writes another")
            throw ExitCode.badInput
        } catch {
            Console.tell("\(output): \(error.localizedDescription)")
            throw ExitCode.badInput
        }
        Console.tell("next: nightshift check \(output)")
    }

    /// What the new file's first line points editors to, unless there is one.
    private func writeSchema(beside file: URL) throws {
        let schema = file.deletingLastPathComponent().appending(path: "nightshift.schema.json")
        let path = schema.path(percentEncoded: false)
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try Data(JobSchema.json().utf8).write(to: schema, options: .withoutOverwriting)
        Console.tell("wrote \(path): completion and errors while you type")
    }

    /// The market that the new file names, unless there is one.
    private func writeMarket(for job: TrainingJob) throws {
        guard let path = job.market, !FileManager.default.fileExists(atPath: path) else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(MarketFile.example(for: job.offers)).write(
            to: URL(filePath: path), options: .withoutOverwriting)
        Console.tell("wrote \(path): a seeded market and example prices, to be replaced by yours")
    }
}

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Validates a job file and looks for what would break at 3 a.m.",
        discussion: """
            EXAMPLES:
              nightshift check
              nightshift check Examples/recommender/job.yaml
            """)

    @Argument(help: "The job file.")
    var job = "nightshift.yaml"

    @OptionGroup var options: ProjectOptions

    func run() throws {
        let file = try readJobFile(job, quiet: false)
        let surroundings = Surroundings.here
        let findings = JobCheck.findings(file, in: surroundings)
        for finding in findings { Console.tell(finding.description) }
        let market = marketProblems(file)
        for problem in market { Console.tell(problem) }
        let errors = findings.filter { $0.severity == .error }.count + market.count
        if errors > 0 {
            Console.tell("\(job): \(errors) \(errors == 1 ? "thing" : "things") would break tonight")
            throw ExitCode.badInput
        }
        let memory = DrillMemory(project: options.project, file: file)
        Console.tell(memory.line(try memory.standing(), at: SystemClock.now()))
        let warnings = findings.count + file.warnings.count
        let also = warnings == 0 ? "" : "\(warnings) \(warnings == 1 ? "warning" : "warnings"), "
        Console.print("\(job): \(also)nothing found that would break tonight")
    }

    /// The market is opened as `run` would open it; one that is not there was told already.
    private func marketProblems(_ file: JobFile) -> [String] {
        guard let path = file.job.market, FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            let market = try NightSession.market(of: file.job, length: file.job.maxWait, seed: nil)
            for offer in file.job.offers {
                if let wait = market.listing(of: offer)?.longestWait, wait > file.job.onDemandWait {
                    Console.tell(
                        "\(path): warning: \(offer.name) lets one wait up to \(wait.text), longer than the job's "
                            + "onDemandWait of \(file.job.onDemandWait.text): nights may be late")
                }
            }
            return []
        } catch {
            return [String(describing: error)]
        }
    }
}

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of the job file, for editors.",
        discussion: """
            EXAMPLES:
              nightshift schema > nightshift.schema.json
            """)

    func run() { Console.print(JobSchema.json()) }
}
