// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import NightSimulator
import NightshiftTesting
import SpotAdvisor
import SpotMarket
import TrainingJobs

/// `make calibration`: forecasts from the first half of each public trace against the nights of the second.
struct CalibrationBenchmark {
    static let shapes = ["night_4h_dl8_o0.10", "night_4h_dl8_o0.25", "night_4h_dl5_o0.10"]

    let facts: ReferenceFacts

    func run() throws {
        var loader = TraceLoader()
        for over in [0, 0.05, 0.1, 0.13, 0.2, 0.3] {
            var cases: [CalibrationCase] = []
            for name in try facts.traceNames() where !facts.isTextForm(name) {
                let trace = try loader.trace(facts.path(name), nodes: facts.nodes(name))
                let study = CalibrationStudy(trace, MarketPool(backend: nil, instanceType: "gpu", zone: name))
                for shape in Self.shapes {
                    let night = ReferenceFacts.night(shape, tick: trace.gapMilliseconds)
                    if let result = study.result(night, shape: shape, overdispersion: over) { cases.append(result) }
                }
            }
            let score = CalibrationScore(cases)
            print(
                over, "covered", Double(score.covered) / Double(score.nights), "coverage", score.coverage, score.below,
                score.above, "brier", score.brier, score.baseRateBrier, score.baseRate)
            for bin in score.bins { print("   ", bin.forecasts, bin.nights, bin.said, bin.seen) }
            if over == 0.13 {
                for one in cases where one.shape == Self.shapes[0] {
                    let s = CalibrationScore([one])
                    print(
                        one.trace, one.forecast.onTimeOnSpotAlone, s.baseRate, s.covered, s.coverage, s.below, s.above)
                }
            }
        }
    }
}
