// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The Python of this machine, for comparing with the real thing.
enum Python {
    /// Standard output of a script; `nil` when there is no Python 3 or the module is missing.
    static func run(_ script: String, input: String, needing module: String? = nil) throws -> String? {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let inputFile = directory.appending(path: "input")
        let outputFile = directory.appending(path: "output")
        try Data(input.utf8).write(to: inputFile)
        try Data().write(to: outputFile)
        if let module, try exit(["-c", "import \(module)"], inputFile, outputFile) != 0 { return nil }
        guard try exit(["-c", script], inputFile, outputFile) == 0 else { return nil }
        return try String(contentsOf: outputFile, encoding: .utf8)
    }

    private static func exit(_ arguments: [String], _ input: URL, _ output: URL) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-W", "ignore"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
