// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
package import TrainingJobs

/// `simulate --json`: a study of policies.
package struct SimulationDocument: Codable, Hashable, Sendable {
    package struct Policy: Codable, Hashable, Sendable {
        package var policy: PolicyName
        package var meanCost: Money
        /// Percentiles are absent when there is but one night, or when some night made no model.
        package var p10Cost: Money?
        package var p50Cost: Money?
        package var p90Cost: Money?
        /// Of the cost of on-demand from the start; absent without an on-demand offer, or when some night made no model.
        package var ofOnDemand: Double?
        package var ofOptimum: Double?
        package var onTime: Int
        /// The 95 % interval of the share on time; absent when there is but one night.
        package var onTimeLow: Double?
        package var onTimeHigh: Double?
        /// Nights that ended without a new model.
        package var withoutModel: Int
        /// How many of them for each cause.
        package var withoutModelReasons: [String: Int]
        package var meanInterruptions: Double
        package var meanRestarts: Double
        package var meanRedoneSeconds: Double
        package var meanSpotSeconds: Double
        package var meanOnDemandSeconds: Double

        init(_ result: PolicyResult, ofOnDemand: Double?, ofOptimum: Double?) {
            policy = result.policy
            meanCost = result.mean
            if result.nights.count > 1, result.everyNightMadeModel {
                p10Cost = result.percentile(10)
                p50Cost = result.percentile(50)
                p90Cost = result.percentile(90)
            }
            self.ofOnDemand = ofOnDemand
            self.ofOptimum = ofOptimum
            onTime = result.onTime
            if result.nights.count > 1 {
                onTimeLow = result.onTimeInterval.low
                onTimeHigh = result.onTimeInterval.high
            }
            withoutModel = result.withoutModel
            withoutModelReasons = Dictionary(
                result.shortfalls.map { ($0.why.code, $0.nights) }, uniquingKeysWith: +)
            meanInterruptions = result.meanInterruptions
            meanRestarts = result.meanRestarts
            meanRedoneSeconds = result.meanRedone.realSeconds
            meanSpotSeconds = result.meanOnSpot.realSeconds
            meanOnDemandSeconds = result.meanOnDemand.realSeconds
        }
    }

    package struct Deadline: Codable, Hashable, Sendable {
        package var windowSeconds: Double
        package var policies: [Policy]

        /// Measured against on-demand with the same deadline. No optimum was looked for here.
        init(_ point: DeadlinePoint) {
            windowSeconds = point.window.realSeconds
            let onDemand = point.results.first { $0.policy == .onDemandOnly }
            policies = point.results.map { result in
                Policy(
                    result, ofOnDemand: onDemand.flatMap { SimulationReport.ratio(result, to: $0) }, ofOptimum: nil)
            }
        }
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var job: String
    package var timeZone: String
    package var start: Instant
    package var deadline: Instant
    package var nights: Int
    package var nodes: Int
    package var markets: [String]
    package var assumptions: [String: String]
    package var notModelled: [String]
    /// What a reader must know beside the figures.
    package var warnings: [String]
    package var policies: [Policy]
    package var onDemandMeanCost: Money?
    package var optimumMeanCost: Money?
    /// Absent when no picture was asked for.
    package var deadlines: [Deadline]?

    package init(_ report: SimulationReport) {
        let words = SimulationWords(report: report)
        job = report.terms.job
        timeZone = report.terms.timeZone
        start = report.terms.start
        deadline = report.terms.deadline
        nights = report.nights
        nodes = report.nodes
        markets = report.markets
        assumptions = Dictionary(
            words.assumptions.filter { $0.name != "market" }.map { ($0.name, $0.words) }, uniquingKeysWith: { $1 })
        notModelled = SimulationWords.notModelled
        warnings = report.warnings
        policies = report.results.map {
            Policy($0, ofOnDemand: report.ofOnDemand($0), ofOptimum: report.ofOptimum($0))
        }
        onDemandMeanCost = report.onDemand?.mean
        optimumMeanCost = report.optimum
        deadlines = report.sweep.isEmpty ? nil : report.sweep.map { Deadline($0) }
    }
}
