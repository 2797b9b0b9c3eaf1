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

    /// One night of a study. Equal nights share what is solved for them.
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
    ///
    /// Entries of one shape are played together, so that no more than `width` shapes are held solved at a time.
    package func outcomes(of contenders: [Contender], width: Int) async throws -> [[TickOutcome]] {
        let parts = parts()
        let done = try await ParallelNights.results(parts.count, width: width, batch: 1) { number in
            played(parts[number], contenders)
        }
        var outcomes = [[TickOutcome]](repeating: [], count: entries.count)
        for (part, results) in zip(parts, done) {
            for (number, result) in zip(part, results) { outcomes[number] = result }
        }
        return outcomes
    }

    /// The entries' numbers by shape, in order of appearance. A shape with many
    /// nights has several parts, so that it keeps all threads busy.
    private func parts() -> [[Int]] {
        var places: [TickNight: Int] = [:]
        var parts: [[Int]] = []
        for (number, entry) in entries.enumerated() {
            if let place = places[entry.night], parts[place].count < Self.mostInPart {
                parts[place].append(number)
            } else {
                places[entry.night] = parts.count
                parts.append([number])
            }
        }
        return parts
    }

    /// Nights that are worth solving a shape once more for.
    private static let mostInPart = 64

    /// Of entries of one shape.
    private func played(_ numbers: [Int], _ contenders: [Contender]) -> [[TickOutcome]] {
        var outcomes = [[TickOutcome]](repeating: [], count: numbers.count)
        for contender in contenders {
            guard case .policy(let name) = contender else {
                for (place, number) in numbers.enumerated() {
                    outcomes[place].append(
                        entries[number].night.optimum(
                            zones(of: number), from: entries[number].first, asPublished: isReference))
                }
                continue
            }
            let night = entries[numbers[0]].night
            var simulator = TickSimulator(night, rules(name, night))
            for (place, number) in numbers.enumerated() {
                outcomes[place].append(simulator.play(zones(of: number), from: entries[number].first))
            }
        }
        return outcomes
    }

    private func zones(of number: Int) -> [[Bool]] { availability[entries[number].zones] }

    private func rules(_ name: PolicyName, _ night: TickNight) -> TickSimulator.Rules {
        let policy = name.policy(for: night.outlook(wholeTicks: true))
        return isReference && name != .nightshift ? .published(policy) : .net(SafetyNet(policy))
    }
}
