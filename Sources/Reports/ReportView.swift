// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// The final account of a night in text.
package struct ReportView: Sendable {
    private let summary: NightSummary
    private let launches: [LaunchRow]
    private let account: NightAccount
    private let clock: ClockText

    /// `nil` for a night that was not opened. A night that still runs is reported as of `now`.
    package init?(_ timeline: Timeline, _ bill: Bill, at now: Instant) {
        guard let summary = NightSummary(timeline, bill, at: now) else { return nil }
        self.summary = summary
        launches = LaunchRow.rows(timeline, bill, at: now)
        account = NightAccount(timeline, bill, at: now)
        clock = summary.terms.clock
    }

    package var text: String { lines.joined(separator: "\n") + "\n" }

    package var lines: [String] {
        let sentence = OutcomeSentence(summary)
        return [sentence.time, sentence.money, ""]
            + facts.map { fact in
                " " + fact.name + String(repeating: " ", count: 15 - fact.name.count) + fact.value
            } + [""] + launchLines
    }

    private var facts: [(name: String, value: String)] {
        ReportFacts(summary).all + (account.pieces.isEmpty ? [] : [("paid for", LedgerWords.kinds(account))])
    }

    private var launchLines: [String] {
        guard !launches.isEmpty else { return [" no machine was granted; nothing was paid"] }
        var table = TextTable([
            ("launch", .left), ("offer", .left), ("from", .left), ("until", .left), ("billed", .right),
            ("cost", .right), ("how it ended", .left),
        ])
        for row in launches {
            table.add([
                row.name, row.offer, row.from.map(clock.seconds) ?? "–",
                row.until.map(clock.seconds) ?? (row.from == nil ? "–" : "still runs"), DurationText.exact(row.billed),
                row.cost.text, row.end,
            ])
        }
        return table.lines
    }
}
