// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
import TrainingJobs

/// A study on one page of HTML: nothing is loaded, nothing is run, and it prints.
package struct SimulationPage: Sendable {
    private let report: SimulationReport

    /// The report must have its sweep and its courses.
    package init(_ report: SimulationReport) { self.report = report }

    package var html: String {
        let words = SimulationWords(report: report)
        return HTMLPage.text(
            title: words.title, style: HTMLPage.wideStyle,
            [header(words), table, picture, timeline, rests(words)].compactMap { $0 })
    }

    private func header(_ words: SimulationWords) -> String {
        let lead = [words.measures, words.lateness, words.unfinished].compactMap { $0 }.joined(separator: "; ")
        let warnings = report.warnings.map { "\n<p class=\"lead warning\">\(HTMLText.escaped($0))</p>" }.joined()
        return """
            <header><h1>\(HTMLText.escaped(words.title))</h1></header>
            <p class="lead">\(HTMLText.escaped(lead)).</p>\(warnings)
            """
    }

    private var table: String {
        let study = SimulationTable(report)
        let caption =
            report.nights > 1
            ? "Of one night, on average over \(report.nights); on time with its 95 % interval (Wilson)"
            : "Of the one night: nothing in it is left to chance"
        var table = HTMLTable(
            caption: caption,
            columns: study.titles.enumerated().map {
                HTMLTable.Column(
                    title: $0.element,
                    style: $0.offset == 0 ? .whole : $0.element == SimulationTable.wordy ? .text : .number)
            })
        table.rows = study.rows
        return "<h2>Policies</h2>\n\(table.text)"
    }

    /// The legend wraps to any width, so it stands above what may have to be scrolled.
    private var picture: String {
        let picture = SimulationSVG(report)
        return "<h2>Pictures</h2>\n\(picture.legend.html)\n<figure>\n\(picture.textWithoutLegend)</figure>"
    }

    /// The first policy's night, as a real one would be shown.
    private var timeline: String? {
        guard let events = report.courses.first, let end = events.last?.at,
            let picture = TimelineSVG(Timeline(events), Bill(events), at: end, id: "course")
        else { return nil }
        let name = HTMLText.escaped(report.results[0].policy.rawValue)
        return "<h2>That night under \(name)</h2>\n<figure>\n\(picture.text)</figure>"
    }

    private func rests(_ words: SimulationWords) -> String {
        let assumptions = words.assumptions.map { line in
            "<p class=\"lead\"><strong>\(HTMLText.escaped(line.name)):</strong> \(HTMLText.escaped(line.words))</p>"
        }
        let missing = SimulationWords.notModelled.map { "<li>\(HTMLText.escaped($0))</li>" }.joined()
        return "<h2>What this rests on</h2>\n\(assumptions.joined(separator: "\n"))\n"
            + "<p class=\"lead\"><strong>Not modelled:</strong></p><ul>\(missing)</ul>"
    }
}
