// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import TrainingAgent

/// The stored training logs of a night's machines.
struct TrainingLog {
    /// `machines/` of the night.
    let directory: String

    func path(of key: String) -> String { "\(directory)/\(key)/\(AgentOrder.logName)" }

    /// The last lines that the training process itself wrote, safe to print.
    func tail(of key: String, lines: Int) -> [String] {
        // A machine that never trained has no log.
        let data = FileManager.default.contents(atPath: path(of: key)) ?? Data()
        let entries = data.split(separator: UInt8(ascii: "\n")).suffix(lines * 4)
            .compactMap { try? JSONDecoder().decode(LogEntry.self, from: $0) }  // torn by a kill: no line
        return entries.filter { $0.source == .training }.suffix(lines).map { TerminalText.sanitized($0.line) }
    }
}
