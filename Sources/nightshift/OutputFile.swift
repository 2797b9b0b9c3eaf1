// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// A file that a person asked for; it is there whole or not at all. Its directory is made when it is missing.
enum OutputFile {
    /// Tells of every path that could not be written and ends the command, before hours of work are lost on it. May be
    /// repeated; what it leaves is the directory.
    static func tryOut(_ paths: [(option: String, path: String?)]) throws {
        var reader = OptionReader()
        for case (let option, let path?) in paths {
            if let problem = problem(path) { reader.complain("\(option): cannot write \"\(path)\": \(problem)") }
        }
        try reader.finish()
    }

    private static func problem(_ path: String) -> String? {
        guard !path.isEmpty else { return "it names no file" }
        let files = FileManager.default
        let directory = URL(filePath: path).deletingLastPathComponent()
        var isDirectory: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            return "it is a directory; name a file in it"
        }
        do {
            try files.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            return error.localizedDescription
        }
        let place = directory.path(percentEncoded: false)
        return files.isWritableFile(atPath: place) ? nil : "this user may not write to \(place)"
    }

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
