// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The right to change what is in service below one output path. The kernel takes it back when its holder dies.
final class ShelfLock {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        // Also for a child that was forked and has not reached its exec.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Holders need milliseconds, so a few seconds of waiting are much; blocks its thread meanwhile.
    static func take(_ path: String) throws -> ShelfLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ShelfError.io(what: "open", path: path, code: errno) }
        for _ in 0..<250 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return ShelfLock(descriptor: descriptor) }
            guard errno == EWOULDBLOCK || errno == EINTR else { break }
            usleep(20_000)
        }
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK { throw ShelfError.busy(path: path) }
        throw ShelfError.io(what: "lock", path: path, code: code)
    }
}
