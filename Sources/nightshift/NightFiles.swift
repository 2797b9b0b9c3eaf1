// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import TrainingJobs

/// The files that a finished night leaves beside its logs.
struct NightFiles {
    let directory: String

    var page: String { directory + "/report.html" }
    var picture: String { directory + "/timeline.svg" }
    var document: String { directory + "/report.json" }

    /// May be repeated; each file is there whole or not at all.
    func write(_ events: [NightEvent], at now: Instant) throws {
        let timeline = Timeline(events)
        let bill = Bill(events)
        if let html = NightPage(events, at: now)?.html { try save(html, to: page) }
        if let svg = TimelineSVG(timeline, bill, at: now, id: "night")?.text { try save(svg, to: picture) }
        if let report = ReportDocument(timeline, bill, at: now) { try save(try NightJSON.text(report), to: document) }
    }

    private func save(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }
}
