// SPDX-License-Identifier: Apache-2.0

import AWSClient
import Foundation
import TrainingAgent
import TrainingJobs

/// One training job's output as CloudWatch keeps it: read on from where the last look ended, and whole again after a
/// restart. What is read is kept beside the other machines' logs, in their files and forms.
actor JobLog {
    private static let partsPerLook = 20

    private let calls: LogCalls
    private let job: TrainingJob
    private let name: String
    private let epoch: Int
    private let clock: ClockScale
    private let directory: String
    private let metrics: [(name: String, regex: Regex<AnyRegexOutput>)]
    private var tokens: [String: String] = [:]
    private var isReading = false
    private var hasFile = false
    /// In the order of the log.
    private(set) var progress: [ProgressPoint] = []

    init(_ calls: LogCalls, job: TrainingJob, name: String, epoch: Int, clock: ClockScale, directory: String) {
        self.calls = calls
        self.job = job
        self.name = name
        self.epoch = epoch
        self.clock = clock
        self.directory = directory
        // The expressions were checked with the job file.
        metrics = job.metricDefinitions.compactMap { metric in
            (try? Regex(metric.regex)).map { (metric.name, $0) }
        }
    }

    /// Reads what is new, as far as one look goes; the rest with the next.
    func read() async throws {
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        for stream in try await calls.streams(of: LogCalls.trainingJobs, prefix: name + "/") {
            for _ in 0..<Self.partsPerLook {
                let part = try await calls.events(of: stream, in: LogCalls.trainingJobs, token: tokens[stream])
                try take(part.events)
                let isEnd = part.next == nil || part.next == tokens[stream]
                tokens[stream] = part.next ?? tokens[stream]
                if isEnd { break }
            }
        }
    }

    private func take(_ events: [LogCalls.Event]) throws {
        guard !events.isEmpty else { return }
        var (lines, values) = ([LogEntry](), [MetricEntry]())
        for event in events {
            let at = clock.night(at: event.at)
            lines.append(LogEntry(at: at, attempt: epoch, source: .training, line: event.message))
            for metric in metrics {
                guard let text = Self.capture(metric.regex, in: event.message), let value = Double(text) else {
                    continue
                }
                if value.isFinite {
                    values.append(MetricEntry(at: at, attempt: epoch, name: metric.name, value: value))
                    if case .metric(metric.name, _) = job.progress {
                        progress.append(ProgressPoint(at: at, units: value))
                    }
                } else {
                    values.append(MetricEntry(at: at, attempt: epoch, name: metric.name, notFinite: String(text)))
                }
            }
        }
        try append(lines, to: AgentOrder.logName)
        try append(values, to: AgentOrder.metricsName)
        hasFile = true
    }

    private static func capture(_ regex: Regex<AnyRegexOutput>, in line: String) -> Substring? {
        guard let match = try? regex.firstMatch(in: line), match.output.count > 1 else { return nil }  // tells nothing
        return match.output[1].substring
    }

    /// The first time the file is written anew: everything is read from the beginning.
    private func append(_ entries: [some Encodable], to name: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = Data()
        for entry in entries {
            data += try encoder.encode(entry)
            data.append(UInt8(ascii: "\n"))
        }
        let path = "\(directory)/\(name)"
        if hasFile, let handle = FileHandle(forWritingAtPath: path) {
            defer { try? handle.close() }  // what is lost of a log harms no night
            try handle.seekToEnd()
            try handle.write(contentsOf: data)
        } else {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try data.write(to: URL(filePath: path))
        }
    }

    /// The newest progress told in a stretch of time, and the first.
    func progress(from: Instant, until: Instant?) -> (first: ProgressPoint, newest: ProgressPoint)? {
        let points = progress.filter { point in point.at >= from && (until.map { point.at <= $0 } ?? true) }
        guard let first = points.first, let newest = points.last else { return nil }
        return (first, newest)
    }
}
