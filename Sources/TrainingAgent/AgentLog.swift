// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import ProcessSupervision
package import TrainingJobs

/// A line of an attempt's log, as `log.jsonl` keeps it.
package struct LogEntry: Codable, Hashable, Sendable {
    package enum Source: String, Codable, Sendable { case training, agent }

    package var at: Instant
    package var attempt: Int
    package var source: Source
    /// As it came, escapes and all; whoever shows it neutralises them.
    package var line: String
}

/// A metric's value, as `metrics.jsonl` keeps it.
package struct MetricEntry: Codable, Hashable, Sendable {
    package var at: Instant
    package var attempt: Int
    package var name: String
    package var value: Double
}

/// Appends JSON lines to files that outlive the machine. Each line is one `write`, so a killed agent leaves at most one
/// torn line, at the end.
final class AgentLog: Sendable {
    static let metricsName = "metrics.jsonl"

    private let log: Int32
    private let metrics: Int32
    private let attempt: Int
    private let clock: ClockScale

    init(order: AgentOrder) throws {
        func appending(_ name: String) throws -> Int32 {
            let path = order.reportDirectory + "/" + name
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw AgentIOError(path: path, code: errno) }
            return descriptor
        }
        log = try appending(AgentOrder.logName)
        metrics = try appending(Self.metricsName)
        attempt = order.launch.epoch
        clock = order.clock
    }

    deinit {
        close(log)
        close(metrics)
    }

    func write(_ line: String, from source: LogEntry.Source) {
        append(LogEntry(at: clock.night(at: SystemClock.now()), attempt: attempt, source: source, line: line), to: log)
    }

    func write(metric name: String, _ value: Double) {
        append(
            MetricEntry(at: clock.night(at: SystemClock.now()), attempt: attempt, name: name, value: value),
            to: metrics)
    }

    private func append(_ entry: some Encodable, to descriptor: Int32) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // An entry of strings and numbers always encodes; a full disk must not end the training.
        guard var data = try? encoder.encode(entry) else { return }
        data.append(UInt8(ascii: "\n"))
        data.withUnsafeBytes { bytes in
            _ = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        }
    }
}

package struct AgentIOError: Error, CustomStringConvertible {
    package var path: String
    package var code: Int32
    package var description: String { "\(path): \(String(cString: strerror(code)))" }
}
