// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A line for each finished model.
package struct ModelsView: Sendable {
    private let records: [ModelRecord]
    private let inService: String?
    private let clock: ClockText

    package init(_ records: [ModelRecord], inService: String?, timeZone: String) {
        self.records = records
        self.inService = inService
        clock = ClockText(timeZone: timeZone)
    }

    package var text: String {
        var table = TextTable([
            ("", .left), ("night", .left), ("ready", .left), ("cost", .right), ("code", .left), ("metrics", .left),
            ("decision", .left),
        ])
        for record in records {
            table.add([
                record.night == inService ? "*" : " ", TerminalText.sanitized(record.night),
                "\(clock.date(record.readyAt)) \(clock.minutes(record.readyAt))", record.cost.text,
                record.sourceDigest.map { TerminalText.sanitized(String($0.prefix(12))) } ?? "–",
                ModelWords.metrics(record), ModelWords.decision(record, clock),
            ])
        }
        return table.lines.joined(separator: "\n") + "\n"
    }
}

enum ModelWords {
    static func metrics(_ record: ModelRecord) -> String {
        let numbers = record.metrics.map { ($0.name, "\($0.value)") }
        let words = (numbers + (record.notFinite ?? []).map { ($0.name, $0.text) })
            .map { TerminalText.sanitized("\($0.0) \($0.1)") }
        return words.isEmpty ? "–" : words.joined(separator: ", ")
    }

    static func decision(_ record: ModelRecord, _ clock: ClockText) -> String {
        switch record.decision {
        case .undecided: "not decided yet"
        case .published(let at, let byPerson):
            "put into service \(clock.date(at)) \(clock.minutes(at))\(byPerson ? " by a person" : "")"
        case .keptBack(let why): "kept back: \(PublicationWords.reason(why))"
        }
    }
}
