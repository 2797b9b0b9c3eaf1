// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Reports

/// What only the report of a month asks for.
struct MonthOptions: ParsableArguments {
    @Option(
        name: .customLong("month"), defaultAsFlag: "now", parsing: .next,
        help: ArgumentHelp("The ledger of a month (default: the present one).", valueName: "yyyy-mm"))
    var month: String?

    @Option(help: ArgumentHelp("Only nights of this job.", valueName: "name"))
    var job: String?

    /// `nil` is the report of one night. Options that do not go together are told.
    func isMeant(night: String?, svg: String?) throws -> Bool {
        guard month != nil else {
            guard job == nil else { throw ValidationError("--job: is for a month; give --month too") }
            return false
        }
        if let night { throw ValidationError("--month: is about many nights, so leave out \(night)") }
        guard svg == nil else { throw ValidationError("--svg: is the picture of one night; --html has the month's") }
        return true
    }

    func run(_ project: Project, json: Bool, html: String?) async throws {
        let report = LedgerReport(project: project, journal: try project.existingJournal())
        let ledger = try await report.ledger(month ?? "now", of: job)
        if let html { try OutputFile.write(LedgerPage(ledger).html, to: html) }
        if json { return Console.print(try NightJSON.text(LedgerDocument(ledger))) }
        guard html == nil else { return }
        Console.print(LedgerView(ledger).text)
    }
}
