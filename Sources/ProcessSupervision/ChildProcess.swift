// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How a process ended.
package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)
    /// It is over, but somebody else was told how: never a success.
    case unknown

    package var isSuccess: Bool { self == .exited(0) }

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .killed(let signal): "killed by signal \(signal) (\(String(cString: strsignal(signal))))"
        case .unknown: "an end that nobody saw"
        }
    }
}

/// A child that dies when we die, and is waited for by a thread of its own.
///
/// The thread starts the child and lives until the child has ended: the kernel sends the parent-death signal when the
/// thread that forked goes, and pool threads come and go.
package struct ChildProcess: Sendable {
    package let pid: Int32
    private let ended: AsyncStream<ExitStatus>

    /// Starts the child; `output` of the request may be closed by the caller afterwards.
    package static func start(_ request: SpawnRequest) async throws -> ChildProcess {
        let (ended, continuation) = AsyncStream.makeStream(of: ExitStatus.self, bufferingPolicy: .bufferingOldest(1))
        let pid: Int32 = try await withCheckedThrowingContinuation { started in
            runOnOwnThread {
                let pid: Int32
                do {
                    pid = try request.spawn()
                } catch {
                    started.resume(throwing: error)
                    continuation.finish()
                    return
                }
                started.resume(returning: pid)
                continuation.yield(wait(for: pid))
                continuation.finish()
            }
        }
        return ChildProcess(pid: pid, ended: ended)
    }

    /// Waits for the end; `unknown` when cancelled. Only one caller may.
    package func exitStatus() async -> ExitStatus {
        for await status in ended { return status }
        return .unknown
    }

    private static func wait(for pid: Int32) -> ExitStatus {
        var status: Int32 = 0
        while true {
            if waitpid(pid, &status, 0) == pid { break }
            // ECHILD: where SIGCHLD is ignored, the kernel reaps and tells nobody.
            guard errno == EINTR else { return .unknown }
        }
        return status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: status & 0x7f)
    }

    /// Signals the child's whole process group; a group that is gone is no error.
    package func signalGroup(_ signal: Int32) {
        kill(-pid, signal)
    }
}

/// Runs a closure on a new thread that lives exactly as long as the closure.
package func runOnOwnThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Box(body)).toOpaque()
    let code = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, argument)
    precondition(code == 0, "pthread_create failed: \(String(cString: strerror(code)))")
    pthread_detach(thread)
}
