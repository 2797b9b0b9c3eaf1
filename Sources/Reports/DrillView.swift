// SPDX-License-Identifier: Apache-2.0

package import Drills
import TrainingJobs

/// A drill's verdict for a terminal.
package struct DrillView: Sendable {
    private let report: DrillReport
    private let words: DrillWords

    package init(_ report: DrillReport) {
        self.report = report
        words = DrillWords(report)
    }

    package var text: String {
        var lines = [title, ""]
        if let failure = report.controlFailure {
            lines.append(" an undisturbed run failed, so nothing could be compared: \(TerminalText.sanitized(failure))")
            return lines.joined(separator: "\n") + "\n"
        }
        lines += table + [""] + failures
        for (name, words) in [("compared", DrillFacts(report).compared)] + DrillFacts(report).measured {
            lines.append(" \(name)\(String(repeating: " ", count: max(1, 18 - name.count)))\(words)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var title: String {
        let facts = DrillFacts(report)
        return " \(report.passed ? "PASSED" : "FAILED")  \(facts.title)"
    }

    private var table: [String] {
        var table = TextTable([("what was done", .left), ("verdict", .left), ("what was seen", .left)])
        for verdict in report.verdicts {
            table.add(DrillFacts(report).row(verdict))
        }
        return table.lines
    }

    private var failures: [String] {
        report.verdicts.filter { !$0.passed }.flatMap { verdict -> [String] in
            var lines = [" " + (verdict.disturbance.map(DrillWords.disturbance) ?? verdict.run.name)]
            lines += verdict.findings.map { "   - \(words.finding($0))" }
            if let diagnosis = verdict.diagnosis {
                let (cause, remedy) = words.diagnosis(diagnosis)
                lines += ["   likely cause: \(cause)", "   what to do: \(remedy)"]
            }
            return lines + [""]
        }
    }
}

/// What every view of a drill says.
struct DrillFacts {
    let report: DrillReport
    private let words: DrillWords

    init(_ report: DrillReport) {
        self.report = report
        words = DrillWords(report)
    }

    var title: String {
        let units = NumberText.exact(report.units)
        let part =
            report.units == report.unitsOfJob ? "all \(units)" : "\(units) of \(NumberText.exact(report.unitsOfJob))"
        let runs = report.controls.count + report.verdicts.count
        return
            "\(TerminalText.sanitized(report.job)): \(NumberText.count(runs, "training run")) over \(part) \(TerminalText.sanitized(report.unit))s, "
            + NumberText.seconds(report.took)
    }

    func row(_ verdict: DisturbanceVerdict) -> [String] {
        let seen =
            verdict.findings.first.map(words.finding)
            ?? words.passed(verdict.run, repeatable: report.modelIsRepeatable)
        return [
            verdict.disturbance.map(DrillWords.disturbance) ?? verdict.run.name, verdict.passed ? "passed" : "FAILED",
            seen,
        ]
    }

    var compared: String {
        var parts: [String] = []
        let exact = report.tolerances.filter { $0.source == .exact }.map { TerminalText.sanitized($0.metric) }
        if !exact.isEmpty { parts.append("\(exact.joined(separator: ", ")) bit for bit") }
        for tolerance in report.tolerances where tolerance.source != .exact {
            let limit = NumberText.significant(tolerance.limit)
            let source =
                tolerance.source == .given
                ? "as ordered" : "\(NumberText.exact(Tolerance.room)) × what two undisturbed runs differ by"
            parts.append("\(TerminalText.sanitized(tolerance.metric)) within \(limit) (\(source))")
        }
        parts.append(
            report.modelIsRepeatable
                ? "the model bit for bit" : "not the model: two undisturbed runs already end with different ones")
        return parts.joined(separator: " · ")
    }

    /// Name and words, in order; only what was seen.
    var measured: [(name: String, words: String)] {
        let measurements = report.measurements
        var rows: [(String, String)] = []
        if let overhead = measurements.restartOverhead {
            let restore = measurements.restore.map { ", of it restore \(NumberText.seconds($0.wrappedValue))" } ?? ""
            rows.append(("restart overhead", NumberText.seconds(overhead.wrappedValue) + restore))
        }
        if let bytes = measurements.checkpointBytes {
            let save = measurements.save.map { ", written in \(NumberText.seconds($0.wrappedValue))" } ?? ""
            let interval =
                measurements.saveInterval.map { ", every \(NumberText.seconds($0.wrappedValue))" } ?? ""
            rows.append(("checkpoint", NumberText.bytes(bytes) + save + interval))
        }
        if let last = measurements.lastSave, let saved = measurements.savesOnNotice {
            let time = NumberText.seconds(last.wrappedValue)
            let words =
                if measurements.lastSaveFits == true {
                    "a last save took \(time) of the \(DurationText.exact(DrillMeasurements.noticeTime)) that a notice gives"
                } else if saved {
                    "a last save took \(time), longer than a notice gives"
                } else {
                    "no last save: the script ended without one after \(time), and loses up to an interval"
                }
            rows.append(("notice", words))
        }
        return rows
    }
}
