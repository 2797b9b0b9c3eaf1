// SPDX-License-Identifier: Apache-2.0

import CapacityBackends
import Foundation
import NightshiftTesting
import ProcessSupervision
import SpotMarket
import Testing
import TrainingJobs

extension EndToEnd {
    /// This computer as a cloud is held to the same law as the fake.
    @Suite(.timeLimit(.minutes(3)))
    struct LocalConformanceTests {
        @Test(arguments: BackendConformance.Rule.allCases)
        func `the local backend holds the law of backends`(rule: BackendConformance.Rule) async throws {
            var job = TestJob()
            // Longer than any rule looks.
            job.epochs = 5000
            let project = try TestProject(job)
            let suite = BackendConformance(step: .minutes(2), patience: 100) {
                let machines = try LocalMachines(
                    project, scale: 600, spells: [Market.Spell(from: .zero, until: .hours(100), notice: nil)])
                let (clock, backend) = (machines.clock, machines.backend)
                return BackendConformance.Site(
                    backend: backend,
                    order: { key, epoch, notAfter in
                        LaunchOrder(
                            key: key, night: project.night, epoch: epoch, offer: machines.spot,
                            rate: HourlyRate(microdollars: 3_000_000),
                            notAfter: clock.night(at: SystemClock.now()) + notAfter, expectedGeneration: nil)
                    },
                    now: { clock.night(at: SystemClock.now()) },
                    pass: { try await Task.sleep(for: clock.wallDuration($0, atLeast: .milliseconds(20))) })
            }
            let complaints = try await suite.complaints(about: rule)
            #expect(complaints.isEmpty, "\(complaints)")
            try await eventually("no machine lives on") { project.processes.isEmpty }
            project.delete()
        }
    }
}
