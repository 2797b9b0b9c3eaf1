// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

extension EndToEnd {
    /// `kill -9` at seeded random times, of anything, in real nights.
    ///
    /// `NIGHTSHIFT_CHAOS_SEED=17` plays one night, `NIGHTSHIFT_CHAOS_NIGHTS=1000` that many.
    @Suite(.timeLimit(.minutes(240)))
    struct ChaosTests {
        /// More would make nights late by load, not by death.
        static let atOnce = 2

        @Test
        func `whatever is killed, the night ends with the undisturbed model, nothing left and an exact bill`()
            async throws
        {
            let variables = ProcessInfo.processInfo.environment
            let seeds: [UInt64] =
                variables["NIGHTSHIFT_CHAOS_SEED"].flatMap { UInt64($0) }.map { [$0] }
                ?? (1...(variables["NIGHTSHIFT_CHAOS_NIGHTS"].flatMap { UInt64($0) } ?? 50)).map { $0 }
            let control = try await Control.model(of: ChaosPlan.job)
            let begin = ContinuousClock.now
            var kills = 0
            try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, seed) in seeds.enumerated() {
                    if index >= Self.atOnce { kills += try await group.next() ?? 0 }
                    group.addTask { try await Self.night(seed, control) }
                }
                for try await count in group { kills += count }
            }
            print("chaos: \(seeds.count) nights, \(kills) kills, \(ContinuousClock.now - begin)")
        }

        /// Plays one night and answers how often something was killed.
        private static func night(_ seed: UInt64, _ control: [String: Data]) async throws -> Int {
            let plan = ChaosPlan(seed: seed)
            var night = try ChaosNight(ChaosPlan.job)
            var violations: [String] = []
            do {
                try await night.run(plan)
                violations = try Judgement.violations(of: night, control)
            } catch {
                violations = ["the night could not be judged: \(error)"]
            }
            if violations.isEmpty {
                night.project.delete()
            } else {
                Issue.record(
                    """
                    night of seed \(seed): \(violations.joined(separator: "; "))
                    killed: \(night.killed.joined(separator: ", ")); \(night.restarts) restarts of the runner
                    files: \(night.project.directory)
                    replay: NIGHTSHIFT_CHAOS_SEED=\(seed) swift test --filter ChaosTests
                    """)
            }
            return night.killed.count
        }
    }
}

/// The verdict on a night that was tampered with.
enum Judgement {
    static func violations(of night: ChaosNight, _ control: [String: Data]) throws -> [String] {
        var found: [String] = []
        if night.result.code != 0 {
            found.append("it ended with \(night.result.status): \(night.result.complaints.suffix(400))")
        }
        if night.mostAgents > 1 { found.append("\(night.mostAgents) agents lived at once for one machine") }
        // A night that was not completed has no model to compare.
        let model = (try? Control.files(below: night.project.model)) ?? [:]
        if model != control { found.append("the model is not the undisturbed one: \(model.keys.sorted())") }
        // The end is told a moment before its teller is gone.
        let patience = ContinuousClock.now + .seconds(2)
        while !night.project.processes.isEmpty, ContinuousClock.now < patience { usleep(5000) }
        return found + (try NightLaws(night.project).violations())
    }
}
