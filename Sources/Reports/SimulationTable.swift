// SPDX-License-Identifier: Apache-2.0

import NightSimulator
import TrainingJobs

/// A study's table, the same on a terminal and on a page: a row a policy. Where nothing was left to chance it has no
/// columns of chance, and where every night made its model none of those without.
struct SimulationTable {
    private typealias Cell = (PolicyResult) -> String

    /// The title of the one column that holds words, which may take several lines on a page.
    static let wordy = "no model"

    let titles: [String]
    let rows: [[String]]

    init(_ report: SimulationReport) {
        let columns = Self.columns(report)
        titles = columns.map(\.title)
        rows = report.results.map { result in columns.map { $0.cell(result) } }
    }

    private static func columns(_ report: SimulationReport) -> [(title: String, cell: Cell)] {
        let (hasChance, everyModel) = (report.nights > 1, report.results.allSatisfy(\.everyNightMadeModel))
        func percentile(_ percent: Int) -> (title: String, cell: Cell) {
            ("p\(percent)", { $0.everyNightMadeModel ? $0.percentile(percent).text : "–" })
        }
        func ratio(_ value: Double?, _ result: PolicyResult) -> String {
            result.everyNightMadeModel ? value.map(NumberText.ratio) ?? "not found" : "–"
        }
        var columns: [(title: String, cell: Cell)] = [
            ("policy", \.policy.rawValue), (hasChance ? "mean" : "cost", \.mean.text),
        ]
        if hasChance { columns += [percentile(10), percentile(50), percentile(90)] }
        columns += [
            ("of on-demand", { ratio(report.ofOnDemand($0), $0) }), ("of optimum", { ratio(report.ofOptimum($0), $0) }),
            ("on time", SimulationWords.onTime),
        ]
        if hasChance { columns.append(("95 %", SimulationWords.interval)) }
        if !everyModel { columns.append((wordy, SimulationWords.withoutModel)) }
        return columns + [
            ("interruptions", { NumberText.tenths($0.meanInterruptions) }),
            ("redone", { DurationText.short($0.meanRedone) }), ("on Spot", { DurationText.short($0.meanOnSpot) }),
            ("on on-demand", { DurationText.short($0.meanOnDemand) }),
        ]
    }
}
