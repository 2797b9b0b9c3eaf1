// SPDX-License-Identifier: Apache-2.0

import Glibc
import ProcessSupervision
import Synchronization
import TrainingJobs

/// Asks for the room at some directories, again and again, on a thread of its own: a file system that does not answer must
/// not hold up the agent. Ends with its owner.
final class DiskWatch: Sendable {
    private let newest = Mutex<[Tripwires.Room]>([])

    init(paths: [String], every pause: Duration) {
        let microseconds = UInt32(clamping: pause.milliseconds * 1000)
        runOnOwnThread { [weak self] in
            while true {
                let rooms = Self.rooms(at: paths)
                // Held no longer than this: the owner may go while the thread sleeps.
                guard self?.keep(rooms) != nil else { return }
                usleep(microseconds)
            }
        }
    }

    private func keep(_ rooms: [Tripwires.Room]) { newest.withLock { $0 = rooms } }

    /// What was found last. Empty before the first answer.
    var rooms: [Tripwires.Room] { newest.withLock { $0 } }

    /// Bytes that this user may still write below these directories; one that is not there yet counts as the nearest one
    /// above it. What cannot be asked is left out.
    static func rooms(at paths: [String]) -> [Tripwires.Room] {
        paths.compactMap { path in freeBytes(at: path).map { Tripwires.Room(path: path, freeBytes: $0) } }
    }

    private static func freeBytes(at path: String) -> Int64? {
        var path = path
        var status = statvfs()
        while statvfs(path, &status) != 0 {
            guard errno == ENOENT, let slash = path.lastIndex(of: "/"), path != "/" else { return nil }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        let (free, tooMuch) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return tooMuch ? .max : Int64(clamping: free)
    }
}
