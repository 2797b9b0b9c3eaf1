// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import NightSimulator
import Reports
import SpotMarket
import TrainingJobs

/// What only a study of a file's nights asks for.
struct StudyOptions: ParsableArguments {
    @Flag(
        name: .customLong("reference"),
        help: "Play published policies by the published simulator's own rules, instead of behind our safety net.")
    var isReference = false

    @Option(
        name: .customLong("spot-price"), parsing: .unconditional,
        help: ArgumentHelp(
            "Dollars an hour; of a file's nights one for all zones, or one for each, joined by commas "
                + "(default: the market's; of a file's nights 0.9731).", valueName: "price"))
    var spotPrice: String?

    @Option(
        name: .customLong("on-demand-price"), parsing: .unconditional,
        help: ArgumentHelp(
            "Dollars an hour (default: the market's; of a file's nights 3.06).", valueName: "price"))
    var onDemandPrice: String?

    func spotRates() throws -> [Int64] {
        try (spotPrice ?? "0.9731").split(separator: ",", omittingEmptySubsequences: false).map {
            try Self.rate(String($0), "--spot-price")
        }
    }

    func onDemandRate() throws -> Int64 { try Self.rate(onDemandPrice ?? "3.06", "--on-demand-price") }

    /// Microdollars per hour.
    private static func rate(_ text: String, _ option: String) throws -> Int64 {
        guard let money = Money(dollars: text), money > .zero, money < Money(microdollars: 1_000_000_000_000) else {
            throw ValidationError(
                "\(option): must be dollars an hour above 0, with at most six decimals, not \"\(text)\"")
        }
        return money.roundedMicrodollars
    }
}

/// `simulate --nights FILE.csv`: a study's nights in ticks, one line out for each night and policy.
struct SimulateNights {
    var file: String
    var contenders: [(name: String, contender: TickStudy.Contender)]
    var isReference: Bool
    /// Microdollars per hour; one for all zones, or one for each.
    var spotRates: [Int64]
    var onDemandRate: Int64

    func run() async throws {
        let (entries, zones): ([TickStudy.Entry], [ZoneTraces])
        do {
            (entries, zones) = try self.entries()
        } catch let problems as StudyFile.Problems {
            Console.tell(problems.problems.map(TerminalText.sanitized).joined(separator: "\n"))
            throw ExitCode.badInput
        }
        let study = TickStudy(entries, zones: zones, reference: isReference)
        let outcomes = try await study.outcomes(
            of: contenders.map(\.contender), width: ProcessInfo.processInfo.activeProcessorCount)
        var text = "row,policy,cost_odh,finish_tick,deadline_ticks,launches,spot_h,od_h\n"
        for (index, (entry, ofNight)) in zip(entries, outcomes).enumerated() {
            for (contender, outcome) in zip(contenders, ofNight) {
                text += line(index + 1, contender.name, entry.night, outcome)
            }
        }
        Console.print(text)
        let cut = outcomes.joined().count { $0.finishTick == nil }
        if cut > 0 {
            Console.tell(
                "\(cut) of the lines have no finish_tick: the trace ended before the work was done, and their cost is that "
                    + "of the ticks until then")
        }
    }

    private func line(_ row: Int, _ name: String, _ night: TickNight, _ outcome: TickOutcome) -> String {
        let hours = Double(night.tick) / 3_600_000
        return [
            String(row), name, String(format: "%.9f", outcome.onDemandHours(night)),
            outcome.finishTick.map(String.init) ?? "", String(night.deadlineTicks), String(outcome.launches),
            String(format: "%.6f", Double(outcome.spotTicks.reduce(0, +)) * hours),
            String(format: "%.6f", Double(outcome.onDemandTicks) * hours),
        ].joined(separator: ",") + "\n"
    }

    private func entries() throws -> ([TickStudy.Entry], [ZoneTraces]) {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw StudyFile.Problems(["\(file): cannot be read: \(error.localizedDescription)"])
        }
        let study = try StudyFile(text, file: file)
        var loader = TraceLoader()
        var zones: [ZoneTraces] = []
        var places: [StudyFile.Row.Source: Int] = [:]
        var problems: [String] = []
        var entries: [TickStudy.Entry] = []
        for row in study.rows {
            do {
                if places[row.source] == nil {
                    zones.append(try traces(row, &loader))
                    places[row.source] = zones.count - 1
                }
                guard let place = places[row.source] else { continue }
                try zones[place].requireLength(.milliseconds(row.deadline), from: row.firstTick)
                entries.append(
                    TickStudy.Entry(night: try night(row, zones[place]), zones: place, first: row.firstTick))
            } catch let problem as TraceProblems {
                for line in problem.problems where !problems.contains("\(row.place): trace: \(line)") {
                    problems.append("\(row.place): trace: \(line)")
                }
            } catch let problem as StudyFile.Problems {
                problems += problem.problems
            }
        }
        guard problems.isEmpty else {
            let few = problems.prefix(20)
            throw StudyFile.Problems(
                few + (problems.count > few.count ? ["\(file): \(problems.count - few.count) more problems"] : []))
        }
        if let warning = loader.warning { Console.tell("note: \(TerminalText.sanitized(warning))") }
        return (entries, zones)
    }

    private func traces(_ row: StudyFile.Row, _ loader: inout TraceLoader) throws -> ZoneTraces {
        let window = row.window.isEmpty ? nil : row.window
        return try ZoneTraces(row.traces.map { try loader.trace(path(of: $0), window: window, nodes: row.nodes) })
    }

    private func night(_ row: StudyFile.Row, _ zones: ZoneTraces) throws -> TickNight {
        guard spotRates.count == 1 || spotRates.count == zones.zones.count else {
            throw StudyFile.Problems([
                "\(row.place): trace: has \(zones.zones.count) zones, but --spot-price has \(spotRates.count) prices; give one "
                    + "for all, or one for each"
            ])
        }
        let rates = spotRates.count == 1 ? zones.zones.map { _ in spotRates[0] } : spotRates
        return TickNight(
            tick: zones.gapMilliseconds, work: row.work, deadline: row.deadline, restartOverhead: row.restartOverhead,
            spotRates: rates, onDemandRate: onDemandRate)
    }

    /// As written, or beside the study's file; the usual endings may be left out.
    private func path(of trace: String) -> String {
        let folder = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
        let places = trace.hasPrefix("/") ? [trace] : [trace, folder + trace]
        let candidates = places.flatMap { place in [place, place + ".json", place + ".txt"] }
        return candidates.first { candidate in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory)
                && !isDirectory.boolValue
        } ?? trace
    }
}

extension StudyFile.Row {
    /// What its traces are read from.
    struct Source: Hashable {
        var traces: [String]
        var window: String
        var nodes: Int
    }

    var source: Source { Source(traces: traces, window: window, nodes: nodes) }
}
