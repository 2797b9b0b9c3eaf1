// SPDX-License-Identifier: Apache-2.0

import Drills
import Foundation
import TrainingAgent
import TrainingJobs

/// Makes a `DrillStay` of what a stay has left: the agent's report and the training log.
struct StayReader {
    let machine: DrillMachine
    let end: DrillStay.End
    let saves: [SaveSpan]
    /// Progress that checkpoint names told.
    let named: [ProgressMark]

    func stay() throws -> DrillStay {
        let report = machine.report ?? AgentReport()
        let job = machine.order.job
        let reader = try LogReader(metrics: job.metricDefinitions, progress: job.progress)
        var units = report.training?.units ?? 0
        var progress: [ProgressMark] = []
        var values: [LoggedValue] = []
        let lines = trainingLines
        for entry in lines {
            let metrics = reader.metrics(in: entry.line)
            let told = reader.progress(among: metrics)
            if let told {
                units = told
                progress.append(ProgressMark(at: machine.elapsed(at: entry.at), units: told))
            }
            for (name, value) in metrics where name != job.progress.metricName {
                values.append(LoggedValue(metric: name, value: value, units: units, tellsProgress: told != nil))
            }
        }
        if job.progress.metricName == nil {
            // A line and a file that come at the same time come in any order: such values belong to no unit for sure.
            progress = named
            values = []
        }
        return DrillStay(
            restored: report.training.flatMap { start in
                start.generation.map { RestoredPoint(generation: $0, units: start.units) }
            },
            trainingAt: report.training.map { machine.elapsed(at: $0.at) } ?? .zero, progress: progress, values: values,
            commits: report.commits.map {
                DrillCommit(at: machine.elapsed(at: $0.at), units: $0.units, bytes: $0.bytes)
            },
            saves: saves, end: end, crashes: report.trainerFailures,
            lastWords: Array(lines.map(\.line).filter { !$0.allSatisfy(\.isWhitespace) }.suffix(3)))
    }

    private var trainingLines: [LogEntry] {
        let path = machine.order.reportDirectory + "/" + AgentOrder.logName
        // A stay that was killed before it began has no log; a line that the kill tore is no line.
        return (FileManager.default.contents(atPath: path) ?? Data()).split(separator: UInt8(ascii: "\n"))
            .compactMap { try? JSONDecoder().decode(LogEntry.self, from: $0) }
            .filter { $0.source == .training }
    }
}

extension ProgressSource {
    var metricName: String? {
        if case .metric(let name, _) = self { name } else { nil }
    }
}
