// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// Deaths at chosen moments, each a little later than the last, once of the one concerned and once of all.
    @Suite(.timeLimit(.minutes(10)))
    struct MomentTests {
        @Test(arguments: Moment.allCases)
        func `a death at any moment changes nothing of the night's result`(moment: Moment) async throws {
            let control = try await Control.model(of: TestJob())
            for (delay, victim) in [(0, moment.victim), (4, ChaosPlan.Victim.everything), (15, moment.victim)] {
                var night = try ChaosNight(TestJob())
                let came = try await play(&night, moment, delay: .milliseconds(delay), victim)
                let violations = try Judgement.violations(of: night, control)
                #expect(violations.isEmpty, "\(victim) \(delay) ms after \(moment): \(night.project.directory)")
                // Between an order and its host lie a few hundredths of a millisecond: not every night shows it.
                #expect(came || moment == .machineOrdered, "the moment never came")
                if violations.isEmpty { night.project.delete() }
            }
        }

        private func play(
            _ night: inout ChaosNight, _ moment: Moment, delay: Duration, _ victim: ChaosPlan.Victim
        ) async throws -> Bool {
            let project = night.project
            var firstMachineKilled = moment != .restoring
            var due: ContinuousClock.Instant?
            var struck = false
            try await night.steer(absence: .milliseconds(50)) { run in
                if !firstMachineKilled,
                    FileManager.default.fileExists(
                        atPath: project.machines + "/\(project.night)-a1/disk/checkpoints/checkpoint-00000006/.complete"
                    )
                {
                    firstMachineKilled = true
                    return ChaosNight.victims(.host, run, project)
                }
                if due == nil, try moment.isNow(in: project) { due = .now + delay }
                guard !struck, let moment = due, ContinuousClock.now >= moment else { return [] }
                struck = true
                return ChaosNight.victims(victim, run, project)
            }
            return due != nil
        }
    }
}
