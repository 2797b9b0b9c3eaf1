// SPDX-License-Identifier: Apache-2.0

/// A reconciliation for a terminal.
package struct ReconcileView: Sendable {
    private let result: Reconciliation

    package init(_ result: Reconciliation) { self.result = result }

    package var text: String {
        var lines = ["\(result.month.name) against a bill in \(result.format.rawValue)", verdict, ""]
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
        return result.isSettled
            ? "they agree: the month is settled"
            : "the month is provisional: the bill has \((result.there - result.here).dollars) more than the ledger's "
                + result.here.dollars
    }

    private var left: [String] {
        let parts: [(Reconciliation.LeftOut, String)] = [
            (result.otherMonths, "of nights of other months"), (result.foreign, "not Nightshift's, by resource or tag"),
        ]
        return parts.filter { $0.0.lines > 0 }.map {
            " left out: \(NumberText.count($0.0.lines, "line")) \($0.1), \($0.0.cost.dollars)"
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
        }
    }
}
