// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import Reports
import SpotMarket

/// Traces on the command line, and which pool they speak of.
struct MarketTraceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A trace, JSON or text; a line of a text file as FILE#NAME. May be repeated.", valueName: "file"))
    var trace: [String] = []

    @Option(help: "How many machines had to be available at once.")
    var nodes = 1

    @Option(help: "The instance type that the traces speak of (default: what the file says or is called).")
    var instanceType: String?

    @Option(help: "The zone that the traces speak of (default: what the file says or is called).")
    var zone: String?

    /// Every trace with its pool; the problems of all files at once.
    func read() throws -> [(AvailabilityTrace, MarketPool)] {
        var read: [(AvailabilityTrace, MarketPool)] = []
        var problems: [String] = []
        var untyped: [MarketPool] = []
        var loader = TraceLoader()
        var sources: [String: String] = [:]
        for argument in trace {
            do throws(TraceProblems) {
                guard !argument.isEmpty else { throw TraceProblems(["--trace: names no file; give a trace"]) }
                let place = TracePlace(argument)
                let traces = try loader.traces(place, nodes: nodes)
                for trace in traces {
                    let source = Self.identity(of: trace, at: place)
                    if let earlier = sources[source] {
                        problems.append(
                            "--trace: \(trace.provenance.source) is \(earlier) again; its evidence would count twice, so "
                                + "name it once")
                        continue
                    }
                    sources[source] = trace.provenance.source
                    if let warning = trace.provenance.warning { tell("warning: \(warning)") }
                    let pool = try pool(of: trace, argument)
                    if !pool.instanceType.contains("."), !untyped.contains(pool) {
                        untyped.append(pool)
                        tell(
                            "warning: \(trace.provenance.source): \(pool.instanceType) is no instance type (those have a "
                                + "dot, as p3.2xlarge), so no offer will use this fit; name it with --instance-type")
                    }
                    read.append((trace, pool))
                }
                if traces.count > 1 {
                    tell(
                        "warning: \(argument): all \(traces.count) windows are read; where they overlap, hours count "
                            + "twice and the evidence looks stronger than it is. Name one with \(argument)#NAME")
                }
            } catch {
                problems += error.problems
            }
        }
        for problem in problems { tell(problem) }
        if !problems.isEmpty { throw ExitCode.badInput }
        return read
    }

    /// The same for every way to write a file's path.
    private static func identity(of trace: AvailabilityTrace, at place: TracePlace) -> String {
        URL(filePath: place.path).resolvingSymlinksInPath().path(percentEncoded: false)
            + trace.provenance.source.dropFirst(place.path.count)
    }

    /// The options' words first, then the file's, then those in a name like `us-west-2a_v100_1.json`.
    private func pool(of trace: AvailabilityTrace, _ argument: String) throws(TraceProblems) -> MarketPool {
        let file = argument.split(separator: "/").last.map { $0.prefix { $0 != "#" } } ?? ""
        let stem = file.lastIndex(of: ".").map { file[..<$0] } ?? file
        let parts = stem.split(separator: "_", maxSplits: 1).map(String.init)
        let named = parts.count == 2 ? parts : nil
        guard let type = instanceType ?? trace.pool?.instanceType ?? named?[1],
            let zone = zone ?? trace.pool?.zone ?? named?[0]
        else {
            throw TraceProblems([
                "\(trace.provenance.source): does not say which pool it speaks of; add --instance-type and --zone"
            ])
        }
        return MarketPool(backend: trace.pool?.backend, instanceType: type, zone: zone)
    }

    private func tell(_ text: String) { Console.tell(TerminalText.sanitized(text)) }
}
