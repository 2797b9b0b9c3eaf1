// SPDX-License-Identifier: Apache-2.0

import Glibc
import ProcessSupervision
import Synchronization

/// Reads a process's output to its end, line by line, on a thread of its own. A process that writes faster than its
/// lines are taken waits on its pipe; nothing piles up here.
package struct LinePump: Sendable {
    private static let lineLimit = 64 << 10

    /// The end that the process writes to; the caller closes it once the process has been started.
    package let writeEnd: Int32
    private let closed = Once()
    private let finished: AsyncStream<Void>

    /// `body` is called on that one thread. A line longer than 64 KiB comes in parts, of which all but the first are
    /// `isContinued`.
    package init(_ body: @escaping @Sendable (_ line: String, _ isContinued: Bool) -> Void) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw AgentIOError(path: "pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        writeEnd = ends[1]
        let readEnd = ends[0]
        let (finished, continuation) = AsyncStream.makeStream(of: Void.self)
        self.finished = finished
        runOnOwnThread {
            forEachLine(of: readEnd, limit: Self.lineLimit, body)
            close(readEnd)
            continuation.finish()
        }
    }

    /// May be repeated.
    package func closeWriteEnd() {
        if closed.first { close(writeEnd) }
    }

    /// Returns once all output has been read, or after `patience` when something holds the pipe open.
    package func waitUntilFinished(atMost patience: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in finished {} }
            group.addTask { try? await Task.sleep(for: patience) }  // cancelled: the output has ended
            await group.next()
            group.cancelAll()
        }
    }
}

/// Calls `body` for each line; a longer line than `limit` comes in parts, of which all but the first are
/// `isContinued`. Invalid UTF-8 is replaced.
private func forEachLine(of descriptor: Int32, limit: Int, _ body: (_ line: String, _ isContinued: Bool) -> Void) {
    var pending: [UInt8] = []
    var isContinued = false
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        for byte in buffer[..<count] {
            if byte == UInt8(ascii: "\n") {
                body(String(decoding: pending, as: UTF8.self), isContinued)
                pending.removeAll(keepingCapacity: true)
                isContinued = false
                continue
            }
            if pending.count == limit {
                // A character that the limit would cut in two goes into the next part.
                let whole = pending.count - unfinishedTail(of: pending)
                body(String(decoding: pending[..<whole], as: UTF8.self), isContinued)
                pending.removeFirst(whole)
                isContinued = true
            }
            pending.append(byte)
        }
    }
    if !pending.isEmpty { body(String(decoding: pending, as: UTF8.self), isContinued) }
}

/// How many bytes at the end begin a UTF-8 character without ending it.
private func unfinishedTail(of bytes: [UInt8]) -> Int {
    for (back, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xc0 != 0x80 {
        let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
        return back + 1 < length ? back + 1 : 0
    }
    return 0
}

/// True the first time it is asked.
private final class Once: Sendable {
    private let asked = Atomic(false)
    var first: Bool { !asked.exchange(true, ordering: .relaxed) }
}
