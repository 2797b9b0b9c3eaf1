// SPDX-License-Identifier: Apache-2.0

import Glibc
import ProcessSupervision
import Synchronization

/// The one process that a machine runs at a time, and what it was told from outside. A signal that comes between two
/// processes is not lost: the next one is not started.
final class ScriptProcess: Sendable {
    private struct State {
        var child: ChildProcess?
        var isTold = false
        var isKilled = false
    }

    private let state = Mutex(State())

    /// Somebody asked the machine to end what it does.
    var isTold: Bool { state.withLock { $0.isTold } }

    /// Runs a program to its end; `nil` when it was not started because the machine had been told to end.
    func run(_ request: SpawnRequest, onStart: @Sendable () -> Void) async throws -> ExitStatus? {
        if isTold { return nil }
        let child = try await ChildProcess.start(request)
        onStart()
        state.withLock { state in
            state.child = child
            if state.isKilled { child.signalGroup(SIGKILL) } else if state.isTold { child.signalGroup(SIGTERM) }
        }
        let status = await child.exitStatus()
        state.withLock { $0.child = nil }
        // What it started and left behind would go on writing.
        child.signalGroup(SIGKILL)
        return status
    }

    func terminate() {
        state.withLock { state in
            state.isTold = true
            state.child?.signalGroup(SIGTERM)
        }
    }

    func kill() {
        state.withLock { state in
            state.isTold = true
            state.isKilled = true
            state.child?.signalGroup(SIGKILL)
        }
    }
}
