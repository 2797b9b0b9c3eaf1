// SPDX-License-Identifier: Apache-2.0

import NightshiftTesting
import Testing
import TrainingJobs

/// A runner may die before or after any call to SageMaker.
@Suite struct KillTests {
    @Test("a runner killed before or after any call leaves one job an attempt and none running")
    func kills() async throws {
        let script = SageMakerDouble.Script(spells: [(0, 40), (50_000, 60_000)])
        let counter = Countdown(-1)
        let bench = try SageMakerBench(script, units: 5, window: .hours(3))
        let journal = try bench.journal()
        try bench.open(journal)
        let whole = try await bench.live(journal, point: counter.hit)
        let wanted = await bench.double.created.count
        bench.remove()
        guard case .completed(_, late: false)? = whole else { Issue.record("\(whole as Any)"); return }
        // The whole night has hundreds of looks: each of the first, then some of the others.
        let points = (0..<counter.count).filter { $0 < 24 || $0 % 97 == 0 }
        #expect(points.count > 20)
        for point in points {
            let result = try await SageMakerBench(script, units: 5, window: .hours(3)).night(killedAt: [point])
            guard case .completed(_, late: false)? = result.outcome else {
                Issue.record("killed at \(point): \(result.outcome as Any)")
                continue
            }
            #expect(result.running == [], "killed at \(point)")
            #expect(result.created.count == wanted, "killed at \(point): \(result.created)")
            #expect(Set(result.created).count == result.created.count)
        }
    }
}
