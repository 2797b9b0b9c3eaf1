// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A system call that failed: what was tried, on which path, and the system's reason.
///
/// An EIO from fsync is one of these too. It is never tried again: the kernel may have dropped the dirty pages, so a
/// second fsync that succeeds says nothing about the bytes.
package struct IOFailure: Error, Hashable, CustomStringConvertible {
    package var operation: String
    package var path: String
    package var code: Int32

    package init(_ operation: String, _ path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    package var description: String {
        "cannot \(operation) \(path): \(String(cString: strerror(code))) (errno \(code))"
    }

    static func last(_ operation: String, _ path: String) -> IOFailure {
        IOFailure(operation, path, code: errno)
    }
}

/// Calls again while the answer is "interrupted by a signal": the agent receives SIGTERM and SIGCHLD while it writes.
func uninterrupted<Answer: SignedInteger>(_ call: () -> Answer) -> Answer {
    while true {
        let answer = call()
        if answer != -1 || errno != EINTR { return answer }
    }
}
