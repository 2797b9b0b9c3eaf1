// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A directory of a test's own, gone when the test lets go of it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "nightshift-test-\(UUID())")
            .path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // nothing hangs on it

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// Directories on the way are made.
    func write(_ bytes: [UInt8], to name: String) throws {
        let file = URL(filePath: self(name))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
    }

    func rename(_ name: String, to other: String) throws {
        guard Glibc.rename(self(name), self(other)) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self(name)) }
}
