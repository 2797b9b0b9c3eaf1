// SPDX-License-Identifier: Apache-2.0

import NightEngine
package import SpotMarket
package import TrainingJobs

/// Many nights in ticks under several policies: what `simulate --nights FILE` and the reference tables are made of.
package struct TickStudy: Sendable {
    package enum Contender: Hashable, Sendable {
        case policy(PolicyName)
        /// The clairvoyant optimum: no policy, a bound.
        case optimum
    }

    /// One night of a study. Equal shapes share what is solved for them.
    package struct Entry: Sendable {
        package var night: TickNight
        /// Which of the study's traces.
        package var zones: Int
        /// The tick of the traces at which the night begins.
        package var first: Int

        package init(night: TickNight, zones: Int, first: Int) {
            self.night = night
            self.zones = zones
            self.first = first
        }
    }

    private struct Shape: Hashable {
        var policy: PolicyName
        var night: TickNight
    }

    private let entries: [Entry]
    /// Published policies behind the published simulator's rules, as in the studies that they come from; else all of
    /// them behind our safety net.
    private let isReference: Bool
    /// Trace by trace, zone by zone, tick by tick.
    private let availability: [[[Bool]]]

    package init(_ entries: [Entry], zones: [ZoneTraces], reference isReference: Bool) {
        self.entries = entries
        self.isReference = isReference
        availability = zones.map { traces in traces.zones.map { zone in (0..<traces.count).map { zone[$0] } } }
    }

    /// For each entry the outcomes of the contenders, in their order. `width` nights at once; it changes no result.
    package func outcomes(of contenders: [Contender], width: Int) async throws -> [[TickOutcome]] {
        let (entries, availability, isReference) = (entries, availability, isReference)
        let solved = solvedRules(contenders)
        return try await ParallelNights.results(entries.count, width: width) { number in
            let (night, first) = (entries[number].night, entries[number].first)
            let zones = availability[entries[number].zones]
            return contenders.map { contender in
                switch contender {
                case .optimum:
                    return night.optimum(zones, from: first, asPublished: isReference)
                case .policy(let name):
                    guard let rules = solved[Shape(policy: name, night: night)] else {
                        preconditionFailure("\(name.rawValue) was not solved for night \(number)")
                    }
                    var simulator = TickSimulator(night, rules)
                    return simulator.play(zones, from: first)
                }
            }
        }
    }

    private func solvedRules(_ contenders: [Contender]) -> [Shape: TickSimulator.Rules] {
        var solved: [Shape: TickSimulator.Rules] = [:]
        for entry in entries {
            for case .policy(let name) in contenders {
                let shape = Shape(policy: name, night: entry.night)
                if solved[shape] == nil { solved[shape] = rules(name, entry.night) }
            }
        }
        return solved
    }

    private func rules(_ name: PolicyName, _ night: TickNight) -> TickSimulator.Rules {
        let policy = name.policy(for: night.outlook(wholeTicks: true))
        return isReference && name != .nightshift ? .published(policy) : .net(SafetyNet(policy))
    }
}
