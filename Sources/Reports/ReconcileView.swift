// SPDX-License-Identifier: Apache-2.0

/// A reconciliation for a terminal.
package struct ReconcileView: Sendable {
    private let result: Reconciliation

    package init(_ result: Reconciliation) { self.result = result }

    package var text: String {
        var lines = [
            "\(result.month.name) against a bill in \(result.formats.map(\.rawValue).joined(separator: " and "))",
            verdict, "",
        ]
        guard !result.nights.isEmpty else { return (lines + left).joined(separator: "\n") + "\n" }
        let causes = Reconciliation.Cause.allCases.filter { result.sum(of: $0) != .zero || isUsed($0) }
        var table = TextTable(
            [("night", .left), ("ledger", .right), ("bill", .right), ("difference", .right)]
                + causes.map { (Self.words($0), .right) })
        for night in result.nights {
            table.add(
                [night.id, night.here.dollars, night.there.dollars, night.difference.dollars]
                    + causes.map { night.causes[$0]?.dollars ?? "" })
        }
        table.add(
            ["month", result.here.dollars, result.there.dollars, (result.there - result.here).dollars]
                + causes.map { result.sum(of: $0).dollars })
        lines += table.lines + [""] + left
        return lines.joined(separator: "\n") + "\n"
    }

    private var verdict: String {
        if result.nights.isEmpty { return "neither the ledger nor the bill has nights of this month" }
        if result.isSettled { return "they agree: the month is settled" }
        let difference = result.there - result.here
        if difference == .zero {
            return
                "the month is provisional: the bill has the same \(result.here.dollars) in all, but not night by night"
        }
        let amount = difference.magnitude
        let words = amount.dollars == "$0.00" ? "$\(amount.text)" : amount.dollars
        return
            "the month is provisional: the bill has \(words) \(difference < .zero ? "less" : "more") than the ledger's "
            + result.here.dollars
    }

    private var left: [String] {
        Reconciliation.LeftOut.Why.allCases.compactMap { why in
            let left = result.leftOut(why)
            guard left.lines > 0 else { return nil }
            return " left out: \(NumberText.count(left.lines, "line")) \(Self.words(why)), \(left.cost.dollars)"
        }
    }

    private static func words(_ why: Reconciliation.LeftOut.Why) -> String {
        switch why {
        case .otherMonth: "of nights of other months"
        case .otherJob: "of other jobs"
        case .rehearsal: "of rehearsals, which nobody should bill"
        case .foreign: "not Nightshift's, by resource or tag"
        }
    }

    private func isUsed(_ cause: Reconciliation.Cause) -> Bool { result.nights.contains { $0.causes[cause] != nil } }

    private static func words(_ cause: Reconciliation.Cause) -> String {
        switch cause {
        case .missingThere: "missing in the bill"
        case .missingHere: "missing here"
        case .time: "time"
        case .price: "price"
        case .otherCharges: "other charges"
        case .rounding: "rounding"
        }
    }
}
