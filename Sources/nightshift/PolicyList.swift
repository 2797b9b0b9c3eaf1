// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NightSimulator
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
        guard problems.isEmpty else { throw ValidationError(problems.joined(separator: "\n")) }
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
        let known = PolicyName.spellings + (allowingOptimum ? ["optimum"] : [])
        let near = NearestName.of(name, in: known).map { "did you mean \($0)? " } ?? ""
        return "--policy: there is no policy \"\(name)\"; \(near)known: \(known.joined(separator: ", "))"
    }
}
