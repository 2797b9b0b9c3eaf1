// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `nightshift serve` as a process of its own, and clients that are set up by `nightshift env`.
final class ServedStage: @unchecked Sendable {
    // Unchecked: the process is started and ended by one test, one call after the other.
    struct Ran: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "nightshift").path
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    let directory: String
    let port: Int
    private let options: [String]
    /// What `serve` has and `env` has not.
    private let serveOptions: [String]
    private let environment: [String: String]
    private var process = Process()

    /// Returns when the server has said that it serves.
    init(
        _ options: [String] = [], serveOptions: [String] = [], environment: [String: String] = [:],
        directory: String = NSTemporaryDirectory() + "serve-" + UUID().uuidString
    ) throws {
        self.directory = directory
        self.options = options
        self.serveOptions = serveOptions
        self.environment = environment
        port = try Self.freePort()
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try start()
    }

    deinit {
        kill()
        // What cannot be removed lies in the temporary directory.
        try? FileManager.default.removeItem(atPath: directory)
    }

    var place: [String] { ["--port", String(port), "--state", directory + "/state"] + options }

    /// Once more, after it has ended.
    func start() throws {
        process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = ["serve", "--sagemaker"] + serveOptions + place
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let first = output.fileHandleForReading.availableData
        try #require(!first.isEmpty, "the server ended before it served")
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// The exit status after a signal that asks.
    func end(with signal: Int32) -> Int32 {
        Foundation.kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// What the client prints; fails the test when it does not end with 0. `nil` when the module or program is missing.
    @discardableResult
    func client(_ script: String, needing module: String = "boto3", sourceLocation: SourceLocation = #_sourceLocation)
        throws -> String?
    {
        guard try Self.run([Self.python, "-c", "import \(module)"]).status == 0 else {
            print("skipped: Python has no \(module)")
            return nil
        }
        let ran = try inEnvironment([Self.python, "-W", "ignore", "-c", script])
        #expect(ran.status == 0, "\(ran.output)\n\(ran.errors)", sourceLocation: sourceLocation)
        return ran.output
    }

    /// Runs words in a shell that has evaluated `nightshift env`.
    func inEnvironment(_ words: [String], input: Pipe? = nil) throws -> Ran {
        let script = "eval \"$(\"$1\" env \(place.map { "'\($0)'" }.joined(separator: " ")))\" && shift && exec \"$@\""
        return try Self.run(["sh", "-c", script, "sh", Self.program] + words, environment: environment)
    }

    /// `nightshift` with these words, ended by itself.
    static func nightshift(_ words: [String], environment: [String: String] = [:]) throws -> Ran {
        try run([program] + words, environment: environment)
    }

    static func run(_ words: [String], environment: [String: String] = [:]) throws -> Ran {
        let place = NSTemporaryDirectory() + UUID().uuidString
        defer { for name in [".out", ".err"] { unlink(place + name) } }
        for name in [".out", ".err"] { try Data().write(to: URL(filePath: place + name)) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: place + ".out"))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: place + ".err"))
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String { try String(contentsOfFile: place + name, encoding: .utf8) }
        return Ran(status: process.terminationStatus, output: try text(".out"), errors: try text(".err"))
    }

    /// The project's own, where `Scripts/setup` made one.
    static let python: String = {
        let own = root.appending(path: ".venv/bin/python3").path
        return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
    }()

    /// A program beside that Python, else in PATH; `nil` when there is none.
    static func program(_ name: String) throws -> String? {
        let own = root.appending(path: ".venv/bin/\(name)").path
        if FileManager.default.isExecutableFile(atPath: own) { return own }
        if try run(["which", name]).status == 0 { return name }
        print("skipped: there is no \(name)")
        return nil
    }

    static func freePort() throws -> Int {
        let ran = try run([
            "python3", "-c", "import socket; s=socket.socket(); s.bind(('127.0.0.1',0)); print(s.getsockname()[1])",
        ])
        return try #require(Int(ran.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}
