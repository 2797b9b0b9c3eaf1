// SPDX-License-Identifier: Apache-2.0

import Glibc

enum DiskRoom {
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
