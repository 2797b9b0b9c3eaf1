// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import Testing

struct AdviceVerdictTests {
    @Test("Any obstacle means that Spot does not fit, whatever the conditions are")
    func obstacleWins() {
        for obstacle in Verdict.Obstacle.allCases {
            #expect(Verdict(obstacles: [obstacle], conditions: []).fit == .doesNotFit)
            #expect(Verdict(obstacles: [obstacle], conditions: [.runDrill]).fit == .doesNotFit)
        }
    }

    @Test("Without an obstacle, conditions decide between fits and fits with conditions")
    func conditionsDecide() {
        #expect(Verdict(obstacles: [], conditions: []).fit == .fits)
        #expect(Verdict(obstacles: [], conditions: [.weakEvidence]).fit == .fitsWithConditions)
    }

    @Test("Obstacles and conditions come in one order, whatever the order of the set")
    func order() {
        let all = Verdict(obstacles: Set(Verdict.Obstacle.allCases), conditions: Set(Verdict.Condition.allCases))
        #expect(all.obstacles == Verdict.Obstacle.allCases)
        #expect(all.conditions == Verdict.Condition.allCases)
    }
}
