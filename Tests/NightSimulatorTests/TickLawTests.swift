// SPDX-License-Identifier: Apache-2.0

import NightshiftTesting
import Testing
import TrainingJobs

/// A part of what `make law` plays by the ten million.
@Suite struct TickLawTests {
    static let policies: [PolicyName?] =
        [nil, .spotUntil(.minutes(90))] + PolicyName.plain

    @Test(arguments: policies)
    func `no night is late that on-demand could have kept`(policy: PolicyName?) {
        #expect(SafetyLaw(policy).violation(shapes: 0..<150, nightsPerShape: 8) == nil)
    }
}
