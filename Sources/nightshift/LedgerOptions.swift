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

    @Option(help: ArgumentHelp("The cloud's account that pays, for --focus.", valueName: "id"))
    var account: String?

    @Option(help: ArgumentHelp("A tag on each row of --focus; may be repeated.", valueName: "key=value"))
    var tag: [String] = []

    @Flag(help: "Rehearsals, which nobody bills, are rows of --focus too.")
    var rehearsals = false

    @Option(
        help: ArgumentHelp(
            "Compares the ledger with the cloud's bill: a CSV export of CUR 2.0 or FOCUS; repeated for the month before.",
            valueName: "file"))
    var reconcile: [String] = []

    @Flag(help: "Ends with code 5 when the bill of --reconcile does not agree.")
    var exitCode = false

    /// Whether a month is meant and not one night. Options that do not go together are told.
    func isMeant(night: String?, svg: String?) throws -> Bool {
        let given = [
            ("--job", job != nil), ("--focus", focus != nil), ("--reconcile", !reconcile.isEmpty),
            ("--account", account != nil), ("--tag", !tag.isEmpty), ("--rehearsals", rehearsals),
            ("--exit-code", exitCode),
        ].filter(\.1).map(\.0)
        guard month != nil || !given.isEmpty else { return false }
        if let night {
            throw ValidationError("\(given.first ?? "--month"): is about a month's nights, so leave out \(night)")
        }
        guard svg == nil else { throw ValidationError("--svg: is the picture of one night; --html has the month's") }
        if focus == nil, let lonely = given.first(where: { ["--account", "--tag", "--rehearsals"].contains($0) }) {
            throw ValidationError("\(lonely): is about the rows of --focus FILE, which is not given")
        }
        if exitCode, reconcile.isEmpty {
            throw ValidationError("--exit-code: says whether the bill of --reconcile FILE agrees, which is not given")
        }
        return true
    }

    func run(_ project: Project, json: Bool, html: String?) async throws {
        let tags = try tags()
        let bills = try bills()
        let report = LedgerReport(project: project, journal: try project.existingJournal())
        let (ledger, all) = try await report.ledger(month ?? "now", of: job)
        if let focus {
            let export = FocusExport(ledger, account: account, tags: tags, withRehearsals: rehearsals)
            try OutputFile.write(export.csv, to: focus)
            for night in ledger.uncosted {
                Console.tell("warning: \(TerminalText.sanitized(night.id)): its cost is not found, so rows are missing")
            }
        }
        if let html { try OutputFile.write(LedgerPage(ledger).html, to: html) }
        if !bills.isEmpty {
            let result = Reconciliation(ledger, among: all, of: job, with: bills)
            Console.print(json ? try NightJSON.text(ReconcileDocument(result)) : ReconcileView(result).text)
            if exitCode, !result.isSettled { throw ExitCode.verificationFailed }
            return
        }
        if json { return Console.print(try NightJSON.text(LedgerDocument(ledger))) }
        guard html == nil && focus == nil else { return }
        Console.print(LedgerView(ledger).text)
    }

    private func tags() throws -> [(key: String, value: String)] {
        try tag.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, !parts[0].hasPrefix("nightshift:") else {
                throw ValidationError(
                    "--tag: must be key=value, as team=ml, with a key that is not Nightshift's own, not "
                        + "\"\(TerminalText.sanitized(text))\"")
            }
            return (parts[0], parts[1])
        }
    }

    /// Ends the command with the problems of all files.
    private func bills() throws -> [ReconcileFile] {
        var bills: [ReconcileFile] = []
        var problems: [String] = []
        for (index, path) in reconcile.enumerated() {
            let name = TerminalText.sanitized(path)
            guard !reconcile[..<index].contains(path) else {
                problems.append("--reconcile: \(name) is given twice, and its lines would count twice")
                continue
            }
            do {
                let bytes = try Data(contentsOf: URL(filePath: path))
                guard !bytes.starts(with: [0x1F, 0x8B]) else {
                    problems.append("--reconcile: \(name) is packed by gzip; unpack it first: gunzip -k \(name)")
                    continue
                }
                guard let text = String(data: bytes, encoding: .utf8) else {
                    problems.append("--reconcile: \(name) is no text; export the bill as CSV")
                    continue
                }
                bills.append(try ReconcileFile(text, name: name))
            } catch let found as ReconcileFile.Problems {
                problems += found.problems
            } catch {
                problems.append("--reconcile: \(name) cannot be read: \(error.localizedDescription)")
            }
        }
        guard problems.isEmpty else {
            Console.tell(problems.joined(separator: "\n"))
            throw ExitCode.badInput
        }
        return bills
    }
}
