// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program of this machine, run to its end.
enum CommandLine {
    struct Result {
        var code: Int32
        var output: String
        var complaints: String
    }

    /// `nil` when `PATH` has no such program.
    static func run(
        _ program: String, _ words: [String], in directory: String? = nil, environment: [String: String] = [:]
    ) throws -> Result? {
        guard let path = find(program) else { return nil }
        let process = Process()
        // Files, not pipes: nothing waits for a reader.
        let place = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }  // Left behind it does no harm.
        let files = ["out", "err"].map { place.appending(path: $0) }
        for file in files { try Data().write(to: file) }
        process.executableURL = URL(filePath: path)
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
        return Result(code: process.terminationStatus, output: texts[0], complaints: texts[1])
    }

    static func find(_ program: String) -> String? {
        if program.hasPrefix("/") { return program }
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return places.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The command under test, which lies beside the tests.
    static var nightshift: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "nightshift").path(percentEncoded: false)
    }
}
