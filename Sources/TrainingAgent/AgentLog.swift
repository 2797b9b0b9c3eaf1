// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import ProcessSupervision
import Synchronization
package import TrainingJobs

/// A line of an attempt's log, as `log.jsonl` keeps it.
package struct LogEntry: Codable, Hashable, Sendable {
    package enum Source: String, Codable, Sendable { case training, agent }

    package var at: Instant
    package var attempt: Int
    package var source: Source
    /// As it came, escapes and all; whoever shows it neutralises them.
    package var line: String

    package init(at: Instant, attempt: Int, source: Source, line: String) {
        self.at = at
        self.attempt = attempt
        self.source = source
        self.line = line
    }
}

/// A metric's value, as `metrics.jsonl` keeps it: one of `value` and `notFinite`. Readers that know only `value` skip a
/// line without one.
package struct MetricEntry: Codable, Hashable, Sendable {
    package var at: Instant
    package var attempt: Int
    package var name: String
    package var value: Double?
    /// The word that stood where the number should: `nan`, `-inf`.
    package var notFinite: String?

    package init(at: Instant, attempt: Int, name: String, value: Double? = nil, notFinite: String? = nil) {
        self.at = at
        self.attempt = attempt
        self.name = name
        self.value = value
        self.notFinite = notFinite
    }
}

/// Appends JSON lines to files that outlive the machine. Each line is one `write`, so a killed agent, or a full disk,
/// leaves a torn line; what comes after it begins on a line of its own.
final class AgentLog: Sendable {
    private let log: JSONLines
    private let metrics: JSONLines
    private let attempt: Int
    private let clock: ClockScale

    init(order: AgentOrder) throws {
        log = try JSONLines(path: order.reportDirectory + "/" + AgentOrder.logName)
        metrics = try JSONLines(path: order.reportDirectory + "/" + AgentOrder.metricsName)
        attempt = order.launch.epoch
        clock = order.clock
    }

    func write(_ line: String, from source: LogEntry.Source) {
        log.append(LogEntry(at: clock.night(at: SystemClock.now()), attempt: attempt, source: source, line: line))
    }

    func write(metric name: String, _ value: Double) {
        metrics.append(MetricEntry(at: clock.night(at: SystemClock.now()), attempt: attempt, name: name, value: value))
    }

    func write(metric name: String, notFinite text: String) {
        metrics.append(
            MetricEntry(at: clock.night(at: SystemClock.now()), attempt: attempt, name: name, notFinite: text))
    }
}

/// A file of JSON lines that several threads append to.
private final class JSONLines: Sendable {
    private let descriptor: Int32
    /// Whether the file ends in the middle of a line.
    private let isTorn: Mutex<Bool>

    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AgentIOError(path: path, code: errno) }
        var last = UInt8(ascii: "\n")
        let end = lseek(descriptor, 0, SEEK_END)
        isTorn = Mutex(end > 0 && pread(descriptor, &last, 1, end - 1) == 1 && last != UInt8(ascii: "\n"))
    }

    deinit { close(descriptor) }

    /// A full disk must not end the training: what cannot be written is lost.
    func append(_ entry: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // An entry of strings and finite numbers always encodes.
        guard var data = try? encoder.encode(entry) else { return }
        data.append(UInt8(ascii: "\n"))
        isTorn.withLock { isTorn in
            if isTorn { data.insert(UInt8(ascii: "\n"), at: data.startIndex) }
            let written = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 { isTorn = written < data.count }
        }
    }
}

package struct AgentIOError: Error, CustomStringConvertible {
    package var path: String
    package var code: Int32
    package var description: String { "\(path): \(String(cString: strerror(code)))" }
}
