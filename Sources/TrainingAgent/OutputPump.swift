// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import ProcessSupervision
import TrainingJobs

/// Reads the training process's output to its end on a thread of its own: logs each line, finds metrics, tells
/// progress. A process that writes faster than this reads waits on its pipe; nothing piles up here.
struct OutputPump: Sendable {
    private static let lineLimit = 64 << 10

    /// The end that the training process writes to; the caller closes it once the process has been started.
    let writeEnd: Int32
    private let closed = Once()
    private let finished: AsyncStream<Void>

    init(
        job: TrainingJob, log: AgentLog, clock: ClockScale, progressed: @escaping @Sendable (ProgressPoint, Instant) -> Void
    ) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw AgentIOError(path: "pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        writeEnd = ends[1]
        let readEnd = ends[0]
        let (finished, continuation) = AsyncStream.makeStream(of: Void.self)
        self.finished = finished
        // Not Sendable, but handed over: from here on the one thread below alone uses it.
        nonisolated(unsafe) let reader = try LogReader(metrics: job.metricDefinitions, progress: job.progress)
        runOnOwnThread {
            defer {
                close(readEnd)
                continuation.finish()
            }
            var last: Double?
            forEachLine(of: readEnd, limit: Self.lineLimit) { line in
                log.write(line, from: .training)
                for (name, value) in reader.metrics(in: line) { log.write(metric: name, value) }
                if let units = reader.progress(in: line), units != last {
                    last = units
                    let wall = SystemClock.now()
                    progressed(ProgressPoint(at: clock.night(at: wall), units: units), wall)
                }
            }
        }
    }

    /// May be repeated.
    func closeWriteEnd() {
        if closed.first { close(writeEnd) }
    }

    /// Returns once all output has been read, or after `patience` when something holds the pipe open.
    func waitUntilFinished(atMost patience: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in finished {} }
            group.addTask { try? await Task.sleep(for: patience) }  // cancelled: the output has ended
            await group.next()
            group.cancelAll()
        }
    }
}

/// Calls `body` for each line; a longer line than `limit` comes in parts. Invalid UTF-8 is replaced.
private func forEachLine(of descriptor: Int32, limit: Int, _ body: (String) -> Void) {
    var pending: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        for byte in buffer[..<count] {
            if byte == UInt8(ascii: "\n") || pending.count == limit {
                body(String(decoding: pending, as: UTF8.self))
                pending.removeAll(keepingCapacity: true)
                if byte == UInt8(ascii: "\n") { continue }
            }
            pending.append(byte)
        }
    }
    if !pending.isEmpty { body(String(decoding: pending, as: UTF8.self)) }
}

/// True the first time it is asked.
private final class Once: Sendable {
    private let asked = Atomic(false)
    var first: Bool { !asked.exchange(true, ordering: .relaxed) }
}
