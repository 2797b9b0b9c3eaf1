// SPDX-License-Identifier: Apache-2.0

import NightEngine
import NightSimulator
import Testing
import TrainingJobs

@Suite struct LastTickTests {
    @Test(arguments: [PolicyName.onDemandOnly, .greedy, .nightshift])
    func `a night that is done with the trace's last tick is on time`(policy: PolicyName) {
        // Six ticks of ten minutes, of which work and a restart take all.
        let night = TickNight(
            tick: 600_000, work: 3_000_000, deadline: 3_600_000, restartOverhead: 600_000, spotRates: [1_000_000],
            onDemandRate: 3_000_000)
        var simulator = TickSimulator(night, .net(SafetyNet(policy.policy(for: night.outlook(wholeTicks: true)))))
        let down = Array(repeating: false, count: 6)
        #expect(simulator.play([down], from: 0).finishTick == 6)
        #expect(simulator.play([Array(down.dropLast())], from: 0).finishTick == nil)
        #expect(simulator.play([down + [false]], from: 0) == simulator.play([down], from: 0))
    }
}
