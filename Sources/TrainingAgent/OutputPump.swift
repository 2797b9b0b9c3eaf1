// SPDX-License-Identifier: Apache-2.0

import ProcessSupervision
import TrainingJobs

/// Reads the training process's output: logs each line, finds metrics, tells progress.
struct OutputPump: Sendable {
    private let lines: LinePump

    init(job: TrainingJob, log: AgentLog, progress: ProgressBoard, losses: LossBoard?) throws {
        let reader = Watched(
            try LogReader(
                metrics: job.metricDefinitions, progress: job.progress, loss: losses.flatMap { _ in job.lossMetric }))
        lines = try LinePump { line, isContinued in
            log.write(line, from: .training)
            if isContinued { return }
            let metrics = reader.log.metrics(in: line)
            let notFinite = reader.log.notFinite(in: line, besides: metrics)
            for (name, value) in metrics { log.write(metric: name, value) }
            for (name, text) in notFinite { log.write(metric: name, notFinite: text) }
            if let losses, let loss = reader.log.loss(among: metrics, notFinite: notFinite) {
                losses.tell(loss, at: SystemClock.now())
            }
            if let units = reader.log.progress(among: metrics), units != reader.last {
                reader.last = units
                progress.tell(units, at: SystemClock.now())
            }
        }
    }

    /// The end that the training process writes to; the caller closes it once the process has been started.
    var writeEnd: Int32 { lines.writeEnd }

    /// May be repeated.
    func closeWriteEnd() { lines.closeWriteEnd() }

    /// Returns once all output has been read, or after `patience` when something holds the pipe open.
    func waitUntilFinished(atMost patience: Duration) async { await lines.waitUntilFinished(atMost: patience) }
}

/// What the thread that reads keeps from line to line.
///
/// Unchecked: the pump's one thread alone uses it.
private final class Watched: @unchecked Sendable {
    let log: LogReader
    var last: Double?

    init(_ log: LogReader) { self.log = log }
}
