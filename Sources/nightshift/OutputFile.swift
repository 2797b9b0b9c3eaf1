// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// A file that a person asked for; it is there whole or not at all. Its directory is made when it is missing.
enum OutputFile {
    static func write(_ text: String, to path: String) throws {
        do {
            let directory = URL(filePath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
            Console.tell("wrote \(path)")
        } catch {
            Console.tell("cannot write \(path): \(error.localizedDescription)")
            throw ExitCode.failure
        }
    }
}
