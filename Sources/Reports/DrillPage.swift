// SPDX-License-Identifier: Apache-2.0

package import Drills
import TrainingJobs

/// A drill on one page of HTML: nothing is loaded, nothing is run, and it prints.
package struct DrillPage: Sendable {
    private let report: DrillReport
    private let facts: DrillFacts
    private let words: DrillWords

    package init(_ report: DrillReport) {
        self.report = report
        facts = DrillFacts(report)
        words = DrillWords(report)
    }

    package var html: String {
        HTMLPage.text(title: "Drill of \(report.job) – \(report.passed ? "passed" : "failed")", sections)
    }

    private var sections: [String] {
        report.controlFailure == nil ? [header, tiles, table] + runs + [comparison, footer] : [header, footer]
    }

    private var header: String {
        let badge =
            report.passed
            ? "<span class=\"badge good\">✓ resuming works</span>" : "<span class=\"badge bad\">✕ drill failed</span>"
        let sentence =
            report.controlFailure.map { "An undisturbed run failed, so nothing could be compared: \($0)" }
            ?? (report.passed
                ? "Stopped in \(report.verdicts.count) ways, the training ended each time as if it had been left alone."
                : "\(report.verdicts.filter { !$0.passed }.count) of \(report.verdicts.count) disturbances were not "
                    + "survived: a night on Spot would end with another model, or none.")
        return """
            <header><h1>Drill of \(HTMLText.escaped(report.job))</h1>\(badge)</header>
            <p class="lead">\(HTMLText.escaped(sentence))</p>
            <p class="lead soft">\(HTMLText.escaped(facts.title))</p>
            """
    }

    private var tiles: String {
        let measurements = report.measurements
        var tiles: [(String, String, String)] = []
        if let overhead = measurements.restartOverhead {
            tiles.append(("Restart overhead", NumberText.seconds(overhead.wrappedValue), "measured here, without boot"))
        }
        if let bytes = measurements.checkpointBytes {
            let write = measurements.save.map { "written in \(NumberText.seconds($0.wrappedValue))" } ?? ""
            tiles.append(("Checkpoint", NumberText.bytes(bytes), write))
        }
        if let last = measurements.lastSave {
            let fits = measurements.lastSaveFits == true
            tiles.append(
                (
                    "Last save on notice", fits ? NumberText.seconds(last.wrappedValue) : "none",
                    fits ? "of the 2 min that a notice gives" : "work since the last checkpoint is lost"
                ))
        }
        let items = tiles.map { tile in
            "<div><dt>\(HTMLText.escaped(tile.0))</dt><dd>\(HTMLText.escaped(tile.1))</dd>"
                + "<dd class=\"small\">\(HTMLText.escaped(tile.2))</dd></div>"
        }
        return "<dl class=\"tiles\">\n\(items.joined(separator: "\n"))\n</dl>"
    }

    private var table: String {
        var table = HTMLTable(
            caption: "What was done to the training, and what came of it",
            columns: [
                HTMLTable.Column(title: "What was done", style: .whole),
                HTMLTable.Column(title: "Verdict", style: .whole), HTMLTable.Column(title: "What was seen"),
            ])
        table.rows = report.verdicts.map { verdict in
            var row = facts.row(verdict)
            row[1] = verdict.passed ? "✓ passed" : "✕ failed"
            return row
        }
        return "<h2>Verdicts</h2>\n\(table.text)"
    }

    private var runs: [String] {
        let pictures = Dictionary(report.pictures.map { ($0.name, $0.svg) }, uniquingKeysWith: { first, _ in first })
        return report.verdicts.map { verdict in
            let name = verdict.disturbance.map(DrillWords.disturbance) ?? verdict.run.name
            let findings = verdict.findings.map { "<li>\(HTMLText.escaped(words.finding($0)))</li>" }.joined()
            let list = findings.isEmpty ? "" : "<ul>\(findings)</ul>"
            let cause = verdict.diagnosis.map(words.diagnosis).map { words in
                "<p class=\"lead\"><strong>Likely cause:</strong> \(HTMLText.escaped(words.cause)).</p>"
                    + "<p class=\"lead\"><strong>What to do:</strong> \(HTMLText.escaped(words.remedy)).</p>"
            }
            let picture = pictures[verdict.run.name].map { "<figure>\n\($0)</figure>" } ?? ""
            return "<h2>\(verdict.passed ? "✓" : "✕") \(HTMLText.escaped(name))</h2>\n\(list)\(cause ?? "")\(picture)"
        }
    }

    private var comparison: String {
        let rows = ([("Compared", facts.compared)] + facts.measured.map { ($0.name, $0.words) })
            .map { "<p class=\"lead\"><strong>\(HTMLText.escaped($0.0)):</strong> \(HTMLText.escaped($0.1))</p>" }
        return "<h2>How it was judged</h2>\n\(rows.joined(separator: "\n"))"
    }

    private var footer: String {
        """
        <footer>Drill \(HTMLText.escaped(report.id)) of \(report.at.iso8601). Times were measured on the machine that \
        drilled; a cloud machine's boot and download come on top. The values behind the pictures are in \
        trajectories.csv, the training logs in logs/.</footer>
        """
    }
}
