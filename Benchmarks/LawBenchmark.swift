// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightSimulator
import NightshiftTesting
import TrainingJobs

/// `make law`: ten million nights against the safety net, by every policy and by one that wants anything at all.
struct LawBenchmark {
    private static let nightsPerShape = 1000
    private static let shapesPerTask: UInt64 = 10

    let nights: Int

    /// Whether no night was late.
    func run() async throws -> Bool {
        let policies: [PolicyName?] = [nil, .spotUntil(.minutes(90))] + PolicyName.plain
        let tasks = max(1, nights / policies.count / Self.nightsPerShape / Int(Self.shapesPerTask))
        var holds = true
        for policy in policies {
            let began = ContinuousClock.now
            let violations = try await ParallelNights.results(
                tasks, width: ProcessInfo.processInfo.activeProcessorCount
            ) { task in
                let first = UInt64(task) * Self.shapesPerTask
                return SafetyLaw(policy).violation(
                    shapes: first..<first + Self.shapesPerTask, nightsPerShape: Self.nightsPerShape)
            }.compactMap(\.self)
            let count = tasks * Int(Self.shapesPerTask) * Self.nightsPerShape
            let seconds = Double((ContinuousClock.now - began).milliseconds) / 1000
            let name = policy?.rawValue ?? "whim"
            print(
                "\(name): \(count) nights in \(seconds) s, \(violations.isEmpty ? "none late" : "LATE: \(violations[0])")"
            )
            holds = holds && violations.isEmpty
        }
        return holds
    }
}
