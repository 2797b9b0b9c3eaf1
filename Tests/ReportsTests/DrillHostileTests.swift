// SPDX-License-Identifier: Apache-2.0

import Drills
import Reports
import ScriptedDrills
import Testing
import TrainingJobs

/// A drill in which every text that comes from outside is hostile.
@Suite struct DrillHostileTests {
    private static func report(_ text: String) -> DrillReport {
        func renamed(_ run: DrillRun) -> DrillRun {
            var run = run
            for stay in run.stays.indices {
                for value in run.stays[stay].values.indices { run.stays[stay].values[value].metric = "loss" + text }
                if !run.stays[stay].crashes.isEmpty {
                    run.stays[stay].crashes = [text]
                    run.stays[stay].lastWords = [text]
                }
                if case .failed = run.stays[stay].end { run.stays[stay].end = .failed(text) }
            }
            run.tornFile?.path = "a/" + text
            return run
        }
        let drill = ScriptedDrill.failed
        var report = ScriptedDrill.report(
            drill.verdicts.map { renamed($0.run) }, controls: (renamed(drill.controls[0]), renamed(drill.controls[1])),
            job: text)
        report.unit = text
        for index in report.verdicts.indices where report.verdicts[index].diagnosis != nil {
            report.verdicts[index].diagnosis?.evidence += [
                .shifted(units: 1, metric: text), .comesBack(metric: text, first: 1, last: 0),
                .aboveNoise(metric: text, ratio: 1), .withinNoise(metric: text, ratio: 1),
                .belowNoise(metric: text, ratio: 1), .tornFile(text),
            ]
        }
        return report
    }

    private func isHarmless(_ text: String) -> Bool { !text.unicodeScalars.contains(where: Hostile.isDangerous) }

    @Test("hostile texts move no cursor and add no line in a terminal", arguments: Hostile.payloads)
    func terminal(payload: String) {
        let text = DrillView(Self.report(payload)).text
        #expect(isHarmless(text))
        #expect(text.split(separator: "\n").count == DrillView(Self.report("x")).text.split(separator: "\n").count)
        var failed = ScriptedDrill.controlFailed
        failed.controlFailure = payload
        #expect(isHarmless(DrillView(failed).text))
        #expect(isHarmless(DrillPage(failed).html))
    }

    @Test("hostile texts change no tag of a page", arguments: Hostile.payloads)
    func page(payload: String) {
        let html = DrillPage(Self.report(payload)).html
        #expect(isHarmless(html))
        func names(_ html: String) -> [String] { NightPageTests.tags(html).map(\.name) }
        #expect(names(html) == names(DrillPage(Self.report("x")).html))
    }

    @Test("hostile texts leave pictures well-formed", arguments: Hostile.payloads)
    func pictures(payload: String) {
        for (name, svg) in Self.report(payload).pictures {
            #expect(isHarmless(svg))
            #expect(Elements(xml: svg) != nil, "\(name)")
        }
    }

    @Test(
        "hostile texts stay in their cell of the table", arguments: Hostile.payloads + ["a,b", "say \"so\"", ",\"\n"])
    func table(payload: String) {
        let text = DrillCSV.text(Self.report(payload))
        #expect(isHarmless(text))
        #expect(text.split(separator: "\n").count == DrillCSV.text(Self.report("x")).split(separator: "\n").count)
        for row in text.split(separator: "\n") {
            // Commas outside quotes.
            let parts = row.split(separator: "\"", omittingEmptySubsequences: false)
            let commas = stride(from: 0, to: parts.count, by: 2).map { parts[$0].count { $0 == "," } }.reduce(0, +)
            #expect(commas == 5, "\(row)")
        }
    }

    @Test("hostile texts are escaped in documents without loss", arguments: Hostile.payloads)
    func documents(payload: String) throws {
        let document = DrillDocument(Self.report(payload), evidence: payload)
        let text = try NightJSON.text(document)
        #expect(isHarmless(text))
        #expect(try NightJSON.document(DrillDocument.self, from: text).job == payload)
        let report = try NightJSON.line(Self.report(payload))
        #expect(isHarmless(report))
        #expect(try NightJSON.document(DrillReport.self, from: report) == Self.report(payload))
    }

    @Test("hostile names of what has changed are shown harmlessly", arguments: Hostile.payloads)
    func changes(payload: String) {
        let standing = DrillStanding.changed(
            at: ScriptedDrill.at, id: payload, [.file(payload), .hyperparameter(payload), .environment(payload)])
        let words = DrillWords.standing(standing, at: ScriptedDrill.at)
        #expect(isHarmless(words) && !words.contains("\n"))
    }
}
