// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Each SIGTERM that this process gets from now on, instead of dying of it. Ends when its reader is cancelled.
func terminationSignals() -> AsyncStream<Void> {
    signal(SIGTERM, SIG_IGN)
    return AsyncStream { continuation in
        // A dispatch source may be used from any thread; it only lacks the annotation.
        nonisolated(unsafe) let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        source.setEventHandler { continuation.yield() }
        continuation.onTermination = { _ in source.cancel() }
        source.resume()
    }
}
