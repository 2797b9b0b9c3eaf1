// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import NightshiftTesting
import Reports
import SpotAdvisor
import SpotMarket

/// `make calibration`: forecasts from the first half of each public trace against the nights of the second.
struct CalibrationBenchmark {
    private static let shapes = ["night_4h_dl8_o0.10", "night_4h_dl8_o0.25", "night_4h_dl5_o0.10"]

    let facts: ReferenceFacts
    /// Where the picture goes.
    let picture: String

    /// Whether the costs' interval covers what it should. `frontier-cs` is left out: it has windows of the same weeks.
    func run() throws -> Bool {
        var loader = TraceLoader()
        var cases: [CalibrationCase] = []
        for name in try facts.traceNames() where !facts.isTextForm(name) {
            let trace = try loader.trace(facts.path(name), nodes: facts.nodes(name))
            let study = CalibrationStudy(trace, MarketPool(backend: nil, instanceType: "gpu", zone: name))
            for shape in Self.shapes {
                let night = ReferenceFacts.night(shape, tick: trace.gapMilliseconds)
                if let result = study.result(night, shape: shape) { cases.append(result) }
            }
        }
        print(CalibrationView(cases).text)
        let file = URL(filePath: picture)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(CalibrationSVG(cases).text.utf8).write(to: file, options: .atomic)
        print("wrote \(picture)")
        return (0.7...0.9).contains(CalibrationScore(cases).coverage)
    }
}
