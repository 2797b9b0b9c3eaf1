// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
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
        var loader = TraceLoader()
        for argument in trace {
            do throws(TraceProblems) {
                let traces = try loader.traces(TracePlace(argument), nodes: nodes)
                for trace in traces {
                    if let warning = trace.provenance.warning { tell("warning: \(warning)") }
                    read.append((trace, try pool(of: trace, argument)))
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
