// SPDX-License-Identifier: Apache-2.0

/// `report --reconcile FILE --json`. Amounts here are decimals as fine as the bill's.
package struct ReconcileDocument: Codable, Hashable, Sendable {
    package struct Night: Codable, Hashable, Sendable {
        package var night: String
        package var ledger: FocusDecimal
        package var bill: FocusDecimal
        package var difference: FocusDecimal
        /// By cause; they sum to the difference.
        package var causes: [String: FocusDecimal]
    }

    package var schemaVersion = NightJSON.schemaVersion
    package var month: String
    package var format: String
    package var settled: Bool
    package var ledger: FocusDecimal
    package var bill: FocusDecimal
    package var difference: FocusDecimal
    package var causes: [String: FocusDecimal]
    package var nights: [Night]
    package var otherMonths: Reconciliation.LeftOut
    package var otherJobs: Reconciliation.LeftOut
    package var rehearsals: Reconciliation.LeftOut
    package var foreign: Reconciliation.LeftOut

    package init(_ result: Reconciliation) {
        month = result.month.description
        format = result.formats.map(\.rawValue).joined(separator: ", ")
        settled = result.isSettled
        ledger = result.here
        bill = result.there
        difference = result.there - result.here
        causes = Dictionary(
            uniqueKeysWithValues: Reconciliation.Cause.allCases.map { ($0.rawValue, result.sum(of: $0)) })
        nights = result.nights.map { night in
            Night(
                night: night.id, ledger: night.here, bill: night.there, difference: night.difference,
                causes: Dictionary(uniqueKeysWithValues: night.causes.map { ($0.key.rawValue, $0.value) }))
        }
        otherMonths = result.leftOut(.otherMonth)
        otherJobs = result.leftOut(.otherJob)
        rehearsals = result.leftOut(.rehearsal)
        foreign = result.leftOut(.foreign)
    }
}
