// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// A file that a person asked for; it is there whole or not at all.
enum OutputFile {
    static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
            Console.tell("wrote \(path)")
        } catch {
            Console.tell("cannot write \(path): \(error.localizedDescription)")
            throw ExitCode.failure
        }
    }
}
