// SPDX-License-Identifier: Apache-2.0

package import Drills
import Foundation
import Glibc
import TrainingAgent
import TrainingJobs

/// The drills of one job on this machine: a directory each, named by its time, and a scratch directory for one under
/// way.
package struct DrillArchive: Sendable {
    package static let reportName = "drill.json"

    /// `drills/<job>` in the state directory.
    package let directory: String

    package init(directory: String) { self.directory = directory }

    package func path(of id: String) -> String { directory + "/" + id }

    /// The drill that counts: the newest whole one, unless a newer one failed; else the newest there is. One whose report
    /// cannot be read is an error, not a drill that never was.
    package func deciding() throws -> DrillReport? {
        // No directory: no drill yet.
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter { $0.first != "." }
        var newest: DrillReport?
        for id in names.sorted().reversed() where FileManager.default.fileExists(atPath: reportPath(id)) {
            let report = try Self.decode(Data(contentsOf: URL(filePath: reportPath(id))))
            if report.provesResume || !report.passed { return report }
            newest = newest ?? report
        }
        return newest
    }

    /// Replaces the report whole: with it the drill counts.
    package func save(_ text: String, as name: String, of id: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path(of: id) + "/" + name), options: .atomic)
    }

    private static func decode(_ data: Data) throws -> DrillReport {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(DrillReport.self, from: data)
    }

    private func reportPath(_ id: String) -> String { path(of: id) + "/" + Self.reportName }

    /// `2026-11-24T10.45.12Z`, with a number when there is one of this second already.
    func newID(at instant: Instant) -> String {
        let second = String(instant.iso8601.prefix(19).replacing(":", with: ".")) + "Z"
        var id = second
        var number = 2
        while FileManager.default.fileExists(atPath: path(of: id)) {
            id = "\(second)-\(number)"
            number += 1
        }
        return id
    }

    /// Copies the runs' logs into the directory of the report.
    func keepLogs(of report: DrillReport, from scratch: String) throws {
        let files = FileManager.default
        let logs = path(of: report.id) + "/logs"
        try files.createDirectory(
            atPath: logs, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for run in report.controls + report.verdicts.map(\.run) {
            // A course that was gone through again lies beside its first try, and counts.
            let again = "\(scratch)/\(run.name)/again"
            let course = files.fileExists(atPath: again) ? again : "\(scratch)/\(run.name)"
            // Numbers of stays have gaps: a hand-over takes one.
            for stay in try files.contentsOfDirectory(atPath: course) where stay.hasPrefix("stay-") {
                let log = "\(course)/\(stay)/\(AgentOrder.logName)"
                guard files.fileExists(atPath: log) else { continue }
                try files.copyItem(atPath: log, toPath: "\(logs)/\(run.name)-\(stay).jsonl")
            }
        }
    }

    /// One drill of a job at a time. What an earlier one that was killed left there is removed.
    func takeScratch() throws -> Scratch {
        let files = FileManager.default
        try files.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let lock = open(directory + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            if lock >= 0 { close(lock) }
            throw DrillError.busy(directory: directory)
        }
        let path = directory + "/.scratch"
        if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
        try files.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return Scratch(path: path, lock: lock)
    }

    struct Scratch {
        let path: String
        fileprivate let lock: Int32

        func release() {
            try? FileManager.default.removeItem(atPath: path)  // the next drill removes it
            flock(lock, LOCK_UN)
            close(lock)
        }
    }
}
