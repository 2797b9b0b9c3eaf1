// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A directory of a test's own, gone when the test lets go of it. In memory where the system offers that.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let memory = "/dev/shm"
        let above = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        path = above + "/nightshift-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // Nothing hangs on it.

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    func write(_ files: Tree, to name: String) throws {
        for (file, bytes) in files { try write(bytes, to: name + "/" + file) }
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let url = URL(fileURLWithPath: self(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self(name)) }

    /// The files below a directory; nil when there is no directory.
    func tree(_ name: String) throws -> Tree? {
        guard let names = FileManager.default.subpaths(atPath: self(name)) else { return nil }
        var tree: Tree = [:]
        for file in names {
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: self(name) + "/" + file, isDirectory: &isDirectory)
            if !isDirectory.boolValue {
                tree[file] = [UInt8](try Data(contentsOf: URL(fileURLWithPath: self(name) + "/" + file)))
            }
        }
        return tree
    }
}

/// The regular files of a directory, by path.
typealias Tree = [String: [UInt8]]
