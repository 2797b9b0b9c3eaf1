// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import ProcessSupervision

/// A program that one thread starts and waits for. It has a process group of its own and dies with that thread.
///
/// Its output goes to a file without a name: a descendant that keeps it open holds nobody up.
final class SupervisedRun {
    enum End: Hashable {
        case ended(ExitStatus)
        case tookTooLong
        case calledOff
    }

    private static let outputLimit = 64 << 10

    private let pid: Int32
    private let output: Int32

    private init(pid: Int32, output: Int32) {
        self.pid = pid
        self.output = output
    }

    deinit { close(output) }

    static func start(
        executable: String, arguments: [String], environment: [String: String], directory: String?
    ) throws -> SupervisedRun {
        let output = try nameless()
        do {
            let pid = try SpawnRequest(
                executable: executable, arguments: arguments, environment: environment, directory: directory,
                output: output, tie: .diesWithParent
            ).spawn()
            return SupervisedRun(pid: pid, output: output)
        } catch {
            close(output)
            throw error
        }
    }

    private static func nameless() throws -> Int32 {
        let directory = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(directory)/nightshift-output-XXXXXX".utf8CString)
        let output = mkstemp(&template)
        guard output >= 0 else { throw ShelfError.io(what: "make a file in", path: directory, code: errno) }
        unlink(template)
        _ = fcntl(output, F_SETFD, FD_CLOEXEC)
        return output
    }

    /// Waits for the program's own end, then ends what is left of its group. `limit` is wall time.
    func wait(atMost limit: Duration?, until isCalledOff: () -> Bool) -> End {
        let start = ContinuousClock.now
        var status: Int32 = 0
        var end: End?
        while end == nil {
            switch waitpid(pid, &status, WNOHANG) {
            case pid:
                end = .ended(status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: status & 0x7f))
            case 0:
                if isCalledOff() { end = .calledOff }
                if let limit, ContinuousClock.now - start >= limit { end = .tookTooLong }
                if end == nil { usleep(5000) }
            default:
                // ECHILD: where SIGCHLD is ignored, the kernel reaps and tells nobody.
                if errno != EINTR { end = .ended(.unknown) }
            }
        }
        kill(-pid, SIGKILL)
        if case .ended = end {} else { while waitpid(pid, &status, 0) < 0 && errno == EINTR {} }
        return end ?? .calledOff
    }

    /// The last lines that are not empty, of what the program wrote at the end.
    func lastLines(_ count: Int) -> [String] {
        let size = lseek(output, 0, SEEK_END)
        let offset = max(0, Int(size) - Self.outputLimit)
        var bytes = [UInt8](repeating: 0, count: max(0, Int(size) - offset))
        let got = pread(output, &bytes, bytes.count, off_t(offset))
        return String(decoding: bytes.prefix(max(0, got)), as: UTF8.self)
            .split(whereSeparator: \.isNewline).map { String($0.prefix(300)) }
            .filter { !$0.allSatisfy(\.isWhitespace) }.suffix(count)
    }
}
