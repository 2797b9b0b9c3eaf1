// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import NightSimulator
import NightshiftTesting
import Reports
import SpotAdvisor
import SpotMarket

/// `make calibration`: forecasts from the first half of each public trace against the nights of the second, of one zone
/// and of two.
struct CalibrationBenchmark {
    private static let shapes = ["night_4h_dl8_o0.10", "night_4h_dl8_o0.25", "night_4h_dl5_o0.10"]

    let facts: ReferenceFacts
    /// Where the picture goes.
    let picture: String

    /// Whether the intervals of cost and of the share of nights cover what they should, for one zone. `frontier-cs` is
    /// left out: it has windows of the same weeks.
    func run() throws -> Bool {
        var loader = TraceLoader()
        let names = try facts.traceNames().filter { !facts.isTextForm($0) }
        let traces = try names.map { try loader.trace(facts.path($0), nodes: facts.nodes($0)) }
        let study = CalibrationTraces(
            traces, named: ReferenceFacts.shortNames(names), pairs: ReferenceFacts.zonePairs(names))
        func nights(_ tick: Int64, zones: Int) -> [(name: String, night: TickNight)] {
            Self.shapes.map { ($0, ReferenceFacts.night($0, tick: tick, zones: zones)) }
        }
        let singles = study.singles { nights($0, zones: 1) }
        print(CalibrationView(singles).text)
        print("two zones of one region:\n")
        print(CalibrationView(study.doubles { nights($0, zones: 2) }).text)
        let tightness = study.tightness
        print(
            "first halves of all: spread \(NumberText.ratio(tightness.spread)), shared "
                + NumberText.ratio(tightness.shared))
        let file = URL(filePath: picture)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(CalibrationSVG(singles).text.utf8).write(to: file, options: .atomic)
        print("wrote \(picture)")
        return CalibrationScore(singles).isCalibrated
    }
}
