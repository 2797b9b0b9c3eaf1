// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs
import Testing

@Suite struct HazardLawTests {
    private static let laws = [
        HazardLaw.shipped, HazardLaw(scale: 0.55, exponent: 0.75, cap: 3, factor: 2.5),
        HazardLaw(scale: 0.2, exponent: 0.4, cap: 1, factor: 0.3), HazardLaw(scale: 0.7, exponent: 0, cap: 3),
        HazardLaw(scale: 5, exponent: 0, cap: 3),
    ]

    @Test(
        arguments: [(0.0, 3.0), (0.05, 3), (0.1, 3), (0.1041, 2.9995), (1.0 / 6, 2.1085), (1, 0.55), (4, 0.19445)]
            as [(Double, Double)])
    func `the shipped hazard is 0.55 per hour at one hour, falls with age, and is 3 at most`(
        age: Double, hazard: Double
    ) {
        #expect(abs(HazardLaw.shipped.hazard(ageHours: age) - hazard) < 1e-3)
    }

    @Test func `the factor multiplies the whole hazard, cap included`() {
        var law = HazardLaw.shipped
        law.factor = 4
        for age in [0.0, 0.05, 0.5, 7] {
            #expect(law.hazard(ageHours: age) == 4 * HazardLaw.shipped.hazard(ageHours: age))
            #expect(law.cumulativeHazard(ageHours: age) == 4 * HazardLaw.shipped.cumulativeHazard(ageHours: age))
        }
    }

    @Test(arguments: laws)
    func `the cumulative hazard is the integral of the hazard`(law: HazardLaw) {
        var sum = 0.0
        let step = 1e-4
        for index in 0..<120_000 {
            let age = Double(index) * step
            sum += step * law.hazard(ageHours: age + step / 2)
            if index % 30_000 == 1000 {
                #expect(abs(sum - law.cumulativeHazard(ageHours: age + step)) < 1e-3 * max(1, sum), "at \(age) h")
            }
        }
    }

    @Test(arguments: laws)
    func `the age at a cumulative hazard is its inverse`(law: HazardLaw) {
        #expect(law.ageHours(cumulativeHazard: 0) == 0)
        for age in [0.001, 0.02, 0.1, 0.11, 1, 5, 30, 700] {
            let back = law.ageHours(cumulativeHazard: law.cumulativeHazard(ageHours: age))
            #expect(abs(back - age) < 1e-9 * max(1, age))
        }
    }

    @Test(arguments: laws)
    func `steps multiply to the survival of their sum`(law: HazardLaw) {
        var left = 1.0
        for index in 0..<40 { left *= 1 - law.probabilityOfChange(ageHours: Double(index) * 0.1, stepHours: 0.1) }
        #expect(abs(left - law.survival(ageHours: 4)) < 1e-12)
        #expect(law.survival(ageHours: 0) == 1)
        #expect(law.probabilityOfChange(ageHours: 3, stepHours: 0) == 0)
    }

    @Test(arguments: laws)
    func `the mean spell is the integral of the survival`(law: HazardLaw) {
        // Steps that grow with age, by the trapezium rule.
        var sum = 0.0
        var age = 0.0
        while law.survival(ageHours: age) > 1e-12 {
            let step = max(1e-4, age / 200)
            sum += step / 2 * (law.survival(ageHours: age) + law.survival(ageHours: age + step))
            age += step
        }
        #expect(abs(law.meanSpellHours - sum) < 0.005 * sum, "\(law.meanSpellHours), by survival \(sum)")
    }

    @Test func `the law travels as JSON`() throws {
        let data = try JSONEncoder().encode(MarketModel.shipped)
        #expect(try JSONDecoder().decode(MarketModel.self, from: data) == .shipped)
        #expect(MarketModel.shipped.lossFactor == 1 && MarketModel.shipped.returnFactor == 1)
    }
}
