// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The right to steer one night. The kernel holds it for the process and takes it back when that dies, however it
/// dies: the next runner never waits for a time-out.
package final class RunnerLease: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        // Also for a child that was forked and has not reached its exec.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// `nil` when another runner holds it.
    package static func take(directory: String) throws -> RunnerLease? {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = directory + "/runner.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError.cannotOpen(path: path, why: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw JournalError.cannotOpen(path: path, why: String(cString: strerror(code)))
        }
        // For people: whose it is.
        ftruncate(descriptor, 0)
        let text = "\(getpid())\n"
        _ = text.withCString { write(descriptor, $0, strlen($0)) }
        return RunnerLease(descriptor: descriptor)
    }

    /// Whether somebody steers the night now. Only looks: a runner that starts at this moment is not disturbed.
    package static func isHeld(directory: String) -> Bool {
        var status = stat()
        guard stat(directory + "/runner.lock", &status) == 0,
            let locks = FileManager.default.contents(atPath: "/proc/locks")
        else { return false }
        return String(decoding: locks, as: UTF8.self).split(separator: "\n").contains { line in
            line.contains("FLOCK") && line.contains("WRITE") && line.contains(":\(status.st_ino) ")
        }
    }

    /// Who holds it, for a message.
    package static func holder(directory: String) -> String? {
        FileManager.default.contents(atPath: directory + "/runner.lock").map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
