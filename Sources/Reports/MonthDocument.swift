// SPDX-License-Identifier: Apache-2.0

import NightSimulator
package import TrainingJobs

/// `month --json`: a month by arithmetic and by simulation.
package struct MonthDocument: Codable, Hashable, Sendable {
    package struct Scenario: Codable, Hashable, Sendable {
        package var scenario: MonthArithmetic.Scenario.Name
        package var cost: Money
        package var sum: String
    }

    package struct Simulation: Codable, Hashable, Sendable {
        package var policy: PolicyName
        package var cost: MonthSpread
        package var onDemandCost: MonthSpread?
        package var simulatedNights: Int
        package var interruptedNights: Double
        package var fallbackNights: Double
        package var lateNights: Double
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var job: String
    package var nights: Int
    package var nightSeconds: Double
    package var onDemandRate: Money
    package var spotRate: Money
    package var interruptedNights: Int
    package var redoneSeconds: Double
    package var fallbackNights: Int
    package var scenarios: [Scenario]
    package var simulation: Simulation
    package var leftOut: [String]
    package var sources: [String]

    package init(_ study: MonthStudy) {
        let month = study.arithmetic
        job = study.terms.job
        nights = month.nights
        nightSeconds = month.hours.realSeconds
        onDemandRate = Money(microdollars: month.onDemand.microdollars)
        spotRate = Money(microdollars: month.spot.microdollars)
        interruptedNights = month.interrupted
        redoneSeconds = month.redone.realSeconds
        fallbackNights = month.fallback
        scenarios = month.scenarios.map { Scenario(scenario: $0.name, cost: $0.cost, sum: $0.words) }
        simulation = Simulation(
            policy: study.result.policy, cost: study.spread, onDemandCost: study.onDemandSpread,
            simulatedNights: study.result.nights.count, interruptedNights: study.interruptedNights,
            fallbackNights: study.fallbackNights, lateNights: study.lateNights)
        leftOut = MonthOmissions(month, of: study.terms).sentences
        sources = study.sources + study.markets
    }
}
