// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file system of 16 MB in memory, where this user may mount one; goes with its owner.
final class SmallDisk: Sendable {
    let path: String
    let isMounted: Bool

    init() throws {
        path = NSTemporaryDirectory().trimmedSlash + "/nightshift-disk-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        isMounted = mount("none", path, "tmpfs", 0, "size=16m") == 0
    }

    deinit {
        if isMounted { umount(path) }
        try? FileManager.default.removeItem(atPath: path)  // a rest in /tmp harms nobody
    }
}
