// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightSimulator
import Reports
import TrainingJobs

/// `--policy a,b,c`.
struct PolicyList: ParsableArguments {
    @Option(
        name: .customLong("policy"),
        help: ArgumentHelp("Policies to compare, joined by commas (default: nightshift).", valueName: "names"))
    var names = "nightshift"

    /// As written, in order. Every unknown name at once, with what it may have been meant to be.
    func contenders(allowingOptimum: Bool) throws -> [(name: String, contender: TickStudy.Contender)] {
        var problems: [String] = []
        var found: [(name: String, contender: TickStudy.Contender)] = []
        for name in names.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if allowingOptimum, name == "optimum" {
                found.append((name, .optimum))
            } else if let policy = PolicyName(rawValue: name) {
                found.append((name, .policy(policy)))
            } else {
                problems.append(Self.problem(name, allowingOptimum))
            }
        }
        var reader = OptionReader()
        for problem in problems { reader.complain(TerminalText.sanitized(problem)) }
        try reader.finish()
        return found
    }

    /// Each policy once, in order: those that production code can play.
    func policies() throws -> [PolicyName] {
        var found: [PolicyName] = []
        for case .policy(let policy) in try contenders(allowingOptimum: false).map(\.contender)
        where !found.contains(policy) {
            found.append(policy)
        }
        return found
    }

    private static func problem(_ name: String, _ allowingOptimum: Bool) -> String {
        if name == "optimum" {
            return
                "--policy: optimum is no policy but a bound, and a player only of nights in a file: give --nights FILE; "
                + "of a job's nights every study prints it"
        }
        if name.hasPrefix("spot-until") {
            return "--policy: \"\(name)\": spot-until takes the time that Spot is given from the night's start, as "
                + "spot-until:90m or spot-until:1.5h: minutes or hours from 0 to 9999, with at most three decimals"
        }
        let known = PolicyName.spellings + (allowingOptimum ? ["optimum"] : [])
        let near = NearestName.of(name, in: known).map { "did you mean \($0)? " } ?? ""
        return "--policy: there is no policy \"\(name)\"; \(near)known: \(known.joined(separator: ", "))"
    }
}
