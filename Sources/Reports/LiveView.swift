// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// A night's state in at most five lines.
package struct LiveView: Sendable {
    private let summary: NightSummary
    private let width: Int
    private let style: ProgressBar.Style
    private let clock: ClockText

    package init(_ summary: NightSummary, width: Int, style: ProgressBar.Style) {
        self.summary = summary
        self.width = max(20, width)
        self.style = style
        clock = summary.terms.clock
    }

    /// None is longer than the width.
    package var lines: [String] {
        [headline, bar, machine, money, losses].filter { !$0.isEmpty }.map(cut)
    }

    private var headline: String {
        let reference = summary.terms.deadline
        var fields = [
            summary.terms.title, phase, NumberText.percent(summary.fraction),
        ]
        if let ready = summary.readyAt {
            fields.append("ready \(clock.minutes(ready, on: reference))")
        } else if let about = summary.readyAbout {
            fields.append("ready about \(clock.minutes(about, on: reference))")
        }
        fields.append("deadline \(clock.minutes(reference))")
        return fit(fields)
    }

    /// A reason that is too long for the line, as a quota's is, is left to the report; what it is the reason for is not.
    private var phase: String {
        let words = OutcomeWords.phase(summary)
        let isTooLong = summary.terms.title.count + 3 + words.count > width
        guard isTooLong, let colon = words.firstIndex(of: ":") else { return words }
        return String(words[..<colon])
    }

    private var bar: String {
        let total = max(summary.terms.totalUnits, .leastNonzeroMagnitude)
        let (done, durable, needed) = (summary.units, summary.durableUnits, summary.neededUnits)
        let label =
            " \(NumberText.units(done)) of \(NumberText.units(total)), durable \(NumberText.units(durable)), needed "
            + NumberText.units(needed)
        let cells = min(60, width - label.count - 2)
        guard cells >= 8 else { return String(label.dropFirst()) }
        return ProgressBar(style).text(
            done: done / total, durable: durable / total, needed: needed / total, cells: cells) + label
    }

    private var machine: String {
        var fields: [String] = []
        if let launch = summary.launch {
            let since = launch.runningSince.map { "since \(clock.minutes($0))" }
            let asked = "asked for at \(clock.minutes(launch.requestedAt)), no capacity yet"
            fields.append("machine \(summary.machineNumber)  \(OutcomeWords.offer(launch.offer)) \(since ?? asked)")
            if launch.notice != nil { fields.append("interruption notice received") }
        } else if summary.outcome == nil {
            fields.append("no machine, nothing is paid")
        }
        if let generation = summary.newestGeneration, summary.outcome == nil {
            let age = DurationText.short(max(.zero, summary.at - generation.at))
            let standing = summary.terms.copiesUnverified ? "platform-synced, unverified" : "whole"
            fields.append("last checkpoint \(age) ago (generation \(generation.generation), \(standing))")
        } else if summary.outcome == nil {
            fields.append("no checkpoint yet")
        }
        return fit(fields)
    }

    private var money: String {
        var fields = ["\(summary.outcome == nil ? "so far" : "bill") \(summary.spent.text)"]
        if let stays = summary.ifItStays, let launch = summary.launch {
            let condition = launch.offer.purchase == .spot ? "if it stays on Spot" : "in the end"
            fields.append("\(condition) about \(stays.text)")
        }
        if let switched = summary.ifItMustSwitch { fields.append("if it must switch about \(switched.text)") }
        fields.append("baseline \(MoneyText.amount(summary.baseline))")
        if case .completed = summary.outcome, let percent = summary.changePercent {
            fields.append("(\(NumberText.change(percent)))")
        }
        return fit(fields)
    }

    private var losses: String {
        var fields: [String] = []
        if let latest = summary.latestSafeSwitch, let slack = summary.slack {
            let words = slack < .zero ? "passed" : "slack \(DurationText.short(slack))"
            fields.append("latest safe switch \(clock.minutes(latest, on: summary.terms.deadline)), \(words)")
        }
        if let alarm = summary.alarms.last {
            let count = summary.alarms.count
            fields.append("\(NumberText.count(count, "tripwire")) fired: \(alarm.tripwire.rawValue)")
        }
        fields.append(NumberText.count(summary.totals.interruptions, "interruption"))
        fields.append("redone \(DurationText.short(summary.totals.redone))")
        fields.append("waited \(DurationText.short(summary.totals.waiting))")
        if summary.terms.copiesUnverified, summary.newestGeneration != nil, summary.outcome != nil {
            fields.append("checkpoints platform-synced, unverified")
        }
        return fit(fields)
    }

    /// As many fields as fit; the first always.
    private func fit(_ fields: [String]) -> String {
        var line = ""
        for field in fields where line.isEmpty || line.count + 3 + field.count <= width {
            line += (line.isEmpty ? "" : "   ") + field
        }
        return line
    }

    private func cut(_ line: String) -> String { line.count <= width ? line : line.prefix(width - 1) + "…" }
}
