// SPDX-License-Identifier: Apache-2.0

package import NightSimulator
import TrainingJobs

/// Replayed nights for a terminal: what was done first, each policy below it.
package struct ReplayView: Sendable {
    private let report: ReplayReport

    package init(_ report: ReplayReport) { self.report = report }

    package var text: String {
        ([title, ""] + table + [""] + notes).joined(separator: "\n") + "\n"
    }

    private var title: String {
        let changes = report.changes.isEmpty ? "" : " with \(report.changes.joined(separator: ", "))"
        return TerminalText.sanitized("\(NumberText.count(report.nights.count, "night")) replayed\(changes)")
    }

    private var table: [String] {
        var table = TextTable([
            ("night", .left), ("known", .right), ("policy", .left), ("cost", .right), ("to what was done", .right),
            ("regret", .right), ("in time", .left), ("interruptions", .right), ("redone", .right),
        ])
        for night in report.nights {
            table.add(
                [night.real.night, NumberText.percent(night.knownShare), "\(night.real.policy.rawValue), as it was"]
                    + cells(night.real, night, isReal: true))
            for replay in night.replays {
                table.add(["", "", replay.policy.rawValue] + cells(replay, night, isReal: false))
            }
        }
        if report.nights.count > 1 {
            table.add(["all", "", "as they were"] + totals(isReal: true) { $0.real })
            for (index, policy) in report.policies.enumerated() {
                table.add(["", "", policy.rawValue] + totals(isReal: false) { $0.replays[index] })
            }
        }
        return table.lines
    }

    private func cells(_ facts: NightFacts, _ night: ReplayReport.Night, isReal: Bool) -> [String] {
        [
            facts.cost.text, isReal ? "" : Self.signed(facts.cost - night.real.cost),
            isReal && report.hasOtherTerms ? "" : night.bound.map { Self.signed(facts.cost - $0) } ?? "not found",
            facts.isOnTime ? "yes" : "no",
            String(facts.interruptions), DurationText.short(facts.redone),
        ]
    }

    private func totals(isReal: Bool, _ facts: (ReplayReport.Night) -> NightFacts) -> [String] {
        let cost = report.totals { facts($0).cost }
        let real = report.totals(\.real.cost)
        let redone = report.nights.reduce(Duration.zero) { $0 + facts($1).redone }
        return [
            cost.text, cost == real ? "" : Self.signed(cost - real),
            isReal && report.hasOtherTerms ? "" : report.totalBound.map { Self.signed(cost - $0) } ?? "not found",
            "\(report.nights.count { facts($0).isOnTime }) of \(report.nights.count)",
            String(report.nights.reduce(0) { $0 + facts($1).interruptions }), DurationText.short(redone),
        ]
    }

    private var notes: [String] {
        var notes = [
            " known: the part of the night in which an offer's machine ran or it was asked for, on average over the Spot "
                + "offers; elsewhere the nearest state that was seen is taken",
            " regret: above what the night would have cost at least, had its market been known beforehand"
                + (report.hasOtherTerms ? "; what was really done has none, for it was another night's" : ""),
        ]
        let unseen = Set(report.nights.flatMap(\.unseen).map(\.name)).sorted()
        if !unseen.isEmpty {
            notes.append(
                " never asked for in some of these nights, and taken as absent there: \(unseen.joined(separator: ", "))"
            )
        }
        return notes.map(TerminalText.sanitized)
    }

    /// `+$3.10`, `−$0.42`, `±$0.00`
    static func signed(_ money: Money) -> String {
        let text = Money(units: Int128(money.units.magnitude)).text
        return text == "$0.00" ? "±\(text)" : money < .zero ? "−\(text)" : "+\(text)"
    }
}

extension ReplayReport {
    /// Its deadline, zones or saves are not those of the nights that were: their bounds are those of other markets.
    var hasOtherTerms: Bool { !changes.isEmpty }
}
