// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CapacityBackends
import Foundation
import JobFiles
import NightRunner
import PublishedModels
import SpotMarket
import TrainingJobs

/// The parts that steer one recorded night, put together.
struct NightSession {
    let project: Project
    let record: NightRecord
    let terms: NightTerms

    /// The backend of the night's offers. Nothing is started by making it.
    func backend() async throws -> any CapacityBackend {
        if record.job.usesSageMaker {
            try await Self.requireSageMakersClock(record)
            return try sageMaker()
        }
        let program = Self.programDirectory
        return LocalBackend(
            job: record.job, terms: terms,
            market: try Self.market(of: record.job, length: terms.end - terms.start, seed: record.seed),
            clock: record.clock, sourceDirectory: project.sourceDirectory(record.id),
            directory: project.machinesDirectory(record.id), hostExecutable: program + "/nightshift",
            agentExecutable: program + "/nightshift-agent", environment: ProcessInfo.processInfo.environment)
    }

    /// What puts the night's model into service. Nothing is started by making it.
    func modelPublisher() throws -> any ModelPublishing {
        record.job.usesSageMaker ? try bucketPublisher() : publisher()
    }

    /// Of a model on this computer.
    func publisher() -> NightPublisher {
        let clock = ScaledNightClock(record.clock)
        return NightPublisher(
            job: record.job,
            places: NightPublisher.Places(
                source: project.sourceDirectory(record.id), machines: project.machinesDirectory(record.id),
                scratch: project.nightDirectory(record.id) + "/gate"),
            timeScale: record.clock.factor
        ) { clock.now() }
    }

    /// What a night cannot do without, looked for before anything is bought.
    static func requireAgent(for job: TrainingJob? = nil) throws {
        if job?.usesSageMaker == true { return }
        let agent = programDirectory + "/nightshift-agent"
        guard !FileManager.default.isExecutableFile(atPath: agent) else { return }
        Console.tell(
            "not started: the agent is missing at \(agent)\nwhat to do: install nightshift-agent beside nightshift")
        throw ExitCode.refusedBeforeStart
    }

    /// What a recorded night was opened with.
    static func terms(openedBy events: [NightEvent], of record: NightRecord) throws -> NightTerms {
        guard let terms = events.terms else {
            throw JournalError.damaged(what: record.id, why: "it does not begin with its opening")
        }
        return terms
    }

    static func market(of job: TrainingJob, length: Duration, seed: UInt64?) throws -> Market {
        guard let path = job.market else {
            throw MarketProblems(problems: ["market: the local backend needs a market file"])
        }
        do {
            return try marketFile(at: path).market(for: job.offers, length: length, seed: seed)
        } catch {
            throw MarketProblems(problems: error.problems.map { "\(path): \($0)" })
        }
    }

    /// Problems do not name the path.
    static func marketFile(at path: String) throws(MarketProblems) -> MarketFile {
        do {
            return try JSONDecoder().decode(MarketFile.self, from: try Data(contentsOf: URL(filePath: path)))
        } catch let error as DecodingError {
            throw MarketProblems(problems: [error.sentence])
        } catch {
            throw MarketProblems(problems: [error.localizedDescription])
        }
    }

    /// Where this program and the agent lie side by side.
    static var programDirectory: String {
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))  // no /proc: argv[0]
            ?? Bundle.main.executablePath ?? CommandLine.arguments[0]
        return URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false).trimmedPath
    }
}
