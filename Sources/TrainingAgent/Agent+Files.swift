// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import ProcessSupervision
import TrainingJobs

/// What the agent writes for others to read, and how it leaves the machine.
extension Agent {
    /// Replaces the file whole or leaves it as it was.
    func save(_ value: some Encodable, as path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(value).write(to: URL(filePath: path), options: .atomic)
    }

    func saveReport() {
        for alarm in machine.report.alarms.dropFirst(alarmsLogged) { log.write(words(for: alarm), from: .agent) }
        alarmsLogged = machine.report.alarms.count
        do {
            try save(machine.report, as: order.reportDirectory + "/" + AgentOrder.reportName)
            reportUnsaved = false
        } catch {
            // A full disk must not end the training; the report is whole each time, so the next try makes up for it.
            if !reportUnsaved { log.write("the report cannot be written: \(error)", from: .agent) }
            reportUnsaved = true
        }
    }

    /// Without its last report a stay looks like a machine that died: worth some patience.
    func saveFinalReport() async throws {
        for _ in 1...20 where reportUnsaved {
            try? await Task.sleep(for: .milliseconds(250))  // cancelled: the tries follow at once
            saveReport()
        }
        if reportUnsaved {
            throw AgentIOError(path: order.reportDirectory + "/" + AgentOrder.reportName, code: EIO)
        }
    }

    /// That it is there is what counts; it holds the notice, or an empty object when the night was stopped.
    func writeNoticeFile(_ notice: InterruptionNotice?) {
        do {
            if let notice {
                try save(notice, as: layout.noticeFile)
            } else {
                try save([String: String](), as: layout.noticeFile)
            }
        } catch {
            // The signal that follows says the same.
            log.write("the notice file cannot be written: \(error)", from: .agent)
        }
    }

    /// SIGKILL to every descendant until none is left, however they fork; five seconds at most, because a process that
    /// waits for a dead disk cannot be killed.
    func endEverything() async {
        let patience = ContinuousClock.now + .seconds(5)
        let own = getpid()
        while true {
            let left = ProcessTable.descendants(of: own)
            for pid in left { kill(pid, SIGKILL) }
            ProcessTable.reapOrphans(of: own, except: trainer?.pid)
            if left.isEmpty || ContinuousClock.now > patience { return }
            try? await Task.sleep(for: .milliseconds(2))  // cancelled: no pause
        }
    }
}

extension ExitStatus {
    /// A process that ended by itself with one of these says that what it wrote is whole: 0, or 75 for "saved, start me
    /// again".
    var saysItSaved: Bool { self == .exited(0) || self == .exited(75) }
}

/// A number as plain decimal text, without an exponent.
enum DecimalText {
    static func of(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        let text = String(describing: value)
        guard text.contains("e") else { return text }
        // Too large or small for a decimal: a float's spelling is the best there is.
        return Decimal(string: text)?.description ?? text
    }
}
