// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Reports
import TrainingJobs

/// What only the report of a month asks for.
struct MonthOptions: ParsableArguments {
    @Option(
        name: .customLong("month"), defaultAsFlag: "now", parsing: .next,
        help: ArgumentHelp("The ledger of a month (default: the present one).", valueName: "yyyy-mm"))
    var month: String?

    @Option(help: ArgumentHelp("Only nights of this job.", valueName: "name"))
    var job: String?

    @Option(help: ArgumentHelp("Writes the ledger there as rows of FOCUS 1.2 (CSV).", valueName: "file"))
    var focus: String?

    @Option(
        help: ArgumentHelp(
            "Compares the ledger with the cloud's bill: a CSV export of CUR 2.0 or FOCUS.", valueName: "file"))
    var reconcile: String?

    /// Whether a month is meant and not one night. Options that do not go together are told.
    func isMeant(night: String?, svg: String?) throws -> Bool {
        let given = [("--job", job), ("--focus", focus), ("--reconcile", reconcile)].filter { $0.1 != nil }.map(\.0)
        guard month != nil || !given.isEmpty else { return false }
        if let night {
            throw ValidationError("\(given.first ?? "--month"): is about a month's nights, so leave out \(night)")
        }
        guard svg == nil else { throw ValidationError("--svg: is the picture of one night; --html has the month's") }
        return true
    }

    func run(_ project: Project, json: Bool, html: String?) async throws {
        let report = LedgerReport(project: project, journal: try project.existingJournal())
        let (ledger, all) = try await report.ledger(month ?? "now", of: job)
        if let focus { try OutputFile.write(FocusExport(ledger).csv, to: focus) }
        if let html { try OutputFile.write(LedgerPage(ledger).html, to: html) }
        if let reconcile {
            let result = Reconciliation(ledger, among: all, with: try bill(at: reconcile))
            return Console.print(json ? try NightJSON.text(ReconcileDocument(result)) : ReconcileView(result).text)
        }
        if json { return Console.print(try NightJSON.text(LedgerDocument(ledger))) }
        guard html == nil && focus == nil else { return }
        Console.print(LedgerView(ledger).text)
    }

    private func bill(at path: String) throws -> ReconcileFile {
        let name = TerminalText.sanitized(path)
        do {
            return try ReconcileFile(try String(contentsOfFile: path, encoding: .utf8), name: name)
        } catch let problems as ReconcileFile.Problems {
            Console.tell(problems.problems.joined(separator: "\n"))
        } catch {
            Console.tell("--reconcile: \(name) cannot be read: \(error.localizedDescription)")
        }
        throw ExitCode.badInput
    }
}
