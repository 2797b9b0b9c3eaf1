// SPDX-License-Identifier: Apache-2.0

import SpotAdvisor
import Testing

struct AdviceVerdictTests {
    @Test("Any obstacle means that Spot does not fit, whatever the conditions are")
    func obstacleWins() {
        for obstacle in AdviceVerdict.Obstacle.allCases {
            #expect(AdviceVerdict(obstacles: [obstacle], conditions: []).fit == .doesNotFit)
            #expect(AdviceVerdict(obstacles: [obstacle], conditions: [.runDrill]).fit == .doesNotFit)
        }
    }

    @Test("Without an obstacle, conditions decide between fits and fits with conditions")
    func conditionsDecide() {
        #expect(AdviceVerdict(obstacles: [], conditions: []).fit == .fits)
        #expect(AdviceVerdict(obstacles: [], conditions: [.weakEvidence]).fit == .fitsWithConditions)
    }

    @Test("Obstacles and conditions come in one order, whatever the order of the set")
    func order() {
        let all = AdviceVerdict(
            obstacles: Set(AdviceVerdict.Obstacle.allCases), conditions: Set(AdviceVerdict.Condition.allCases))
        #expect(all.obstacles == AdviceVerdict.Obstacle.allCases)
        #expect(all.conditions == AdviceVerdict.Condition.allCases)
    }
}
