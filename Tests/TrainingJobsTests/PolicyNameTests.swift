// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@Suite struct PolicyNameTests {
    @Test(arguments: PolicyName.plain + [.spotUntil(.minutes(90)), .spotUntil(.seconds(150)), .spotUntil(.zero)])
    func `a name that is written is read again`(policy: PolicyName) {
        #expect(PolicyName(rawValue: policy.rawValue) == policy)
    }

    @Test func `published spellings are understood`() {
        #expect(PolicyName(rawValue: "on_demand") == .onDemandOnly)
        #expect(PolicyName(rawValue: "uniform_progress") == .uniformProgress)
        #expect(PolicyName(rawValue: "spot_until:1.5h") == .spotUntil(.minutes(90)))
    }

    @Test(arguments: [
        "", "Greedy", "spot-until", "spot-until:", "spot-until:h", "spot-until:-1h", "spot-until:nanm",
        "spot-until:1e3m",
        "spot-until:12345m", "spot-until:1.m", "spot-until:0x1m", "spot-until:90", "spot-until: 9m",
    ])
    func `nonsense is no policy`(name: String) {
        #expect(PolicyName(rawValue: name) == nil)
    }
}
