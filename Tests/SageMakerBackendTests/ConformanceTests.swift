// SPDX-License-Identifier: Apache-2.0

import NightshiftTesting
import Testing
import TrainingJobs

/// SageMaker is held to the same law as every backend.
@Suite struct ConformanceTests {
    @Test("SageMaker holds the law of backends", arguments: BackendConformance.Rule.allCases, PurchaseOption.allCases)
    func conformance(rule: BackendConformance.Rule, purchase: PurchaseOption) async throws {
        let directories = Collected<SageMakerBench>()
        defer { for bench in directories.all { bench.remove() } }
        let suite = BackendConformance(step: .minutes(1), patience: 100) {
            let bench = try SageMakerBench(.init(), night: "night")
            directories.add(bench)
            let clock = bench.clock
            return BackendConformance.Site(
                backend: try bench.backend(),
                order: { key, epoch, notAfter in
                    LaunchOrder(
                        key: key, night: "night", epoch: epoch, offer: SageMakerBench.offer(purchase),
                        rate: HourlyRate(microdollars: 1), notAfter: clock.trueTime + notAfter,
                        expectedGeneration: nil)
                },
                now: { clock.trueTime }, pass: { clock.advance(by: $0) })
        }
        let complaints = try await suite.complaints(about: rule)
        #expect(complaints == [])
    }
}
