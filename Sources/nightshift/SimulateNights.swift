// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import NightSimulator
import Reports
import SpotMarket
import TrainingJobs

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
        tellHopeless(entries)
        let study = TickStudy(entries, zones: zones, reference: isReference)
        let progress = StudyProgress()
        defer { progress.end() }
        progress.begin(
            "playing \(entries.count) \(entries.count == 1 ? "night" : "nights") in ticks", of: nil)
        let outcomes = try await study.outcomes(
            of: contenders.map(\.contender), width: ProcessInfo.processInfo.activeProcessorCount)
        progress.end()
        var text = "row,policy,cost_odh,finish_tick,deadline_ticks,launches,spot_h,od_h\n"
        for (index, (entry, ofNight)) in zip(entries, outcomes).enumerated() {
            for (contender, outcome) in zip(contenders, ofNight) {
                text += line(index + 1, contender, entry.night, outcome)
            }
        }
        Console.print(text)
        let cut = outcomes.reduce(0) { sum, ofNight in
            sum + zip(contenders, ofNight).count { $0.contender != .optimum && $1.finishTick == nil }
        }
        if cut > 0 {
            Console.tell(
                "\(cut) of the lines have no finish_tick but a cost: the trace ended before the work was done, and their "
                    + "cost is that of the ticks until then")
        }
    }

    /// Only nights of the published rules: behind our own net they are refused.
    private func tellHopeless(_ entries: [TickStudy.Entry]) {
        let rows = entries.indices.filter { entries[$0].night.leastTicks == nil }.map { String($0 + 1) }
        guard !rows.isEmpty else { return }
        let few = rows.prefix(20).joined(separator: ", ") + (rows.count > 20 ? " and \(rows.count - 20) more" : "")
        Console.tell(
            "no policy can be in time in \(rows.count == 1 ? "row" : "rows") \(few): a tick is charged and counted whole, "
                + "and even on-demand from the first one needs more of them than deadline_h has; there is no optimum")
    }

    private func line(
        _ row: Int, _ player: (name: String, contender: TickStudy.Contender), _ night: TickNight, _ outcome: TickOutcome
    ) -> String {
        // No course is in time, so none is the cheapest of those.
        if player.contender == .optimum, outcome.finishTick == nil {
            return "\(row),\(player.name),,,\(night.deadlineTicks),,,\n"
        }
        let hours = Double(night.tick) / 3_600_000
        return [
            String(row), player.name, String(format: "%.9f", outcome.onDemandHours(night)),
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
        let night = TickNight(
            tick: zones.gapMilliseconds, work: row.work, deadline: row.deadline, restartOverhead: row.restartOverhead,
            spotRates: rates, onDemandRate: onDemandRate)
        if !isReference, night.leastTicks == nil {
            throw StudyFile.Problems(["\(row.place): deadline_h: \(Self.tooShort(night))"])
        }
        return night
    }

    private static func tooShort(_ night: TickNight) -> String {
        var unlimited = night
        unlimited.deadline = .max
        let ticks = unlimited.leastTicks ?? 0
        // Six decimals, rounded up: what is written is read to the millisecond.
        var hours = String(format: "%.6f", (Double(Int64(ticks) * night.tick) / 3.6).rounded(.up) / 1e6)
        while hours.hasSuffix("0") { hours.removeLast() }
        if hours.hasSuffix(".") { hours.removeLast() }
        return "even on-demand from the first tick cannot keep it in whole ticks of "
            + "\(Duration.milliseconds(night.tick).text): it needs \(ticks), and the deadline has "
            + "\(night.deadlineTicks); write \(hours) or more, correct the work, or play the published rules with "
            + "--reference"
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
