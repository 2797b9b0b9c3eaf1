// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision

/// A `nightshift` command that runs. It dies with the tests.
struct CommandRun: Sendable {
    let pid: Int32
    private let outputPath: String
    private let complaintsPath: String
    private let ended: Task<ExitStatus, Never>

    static func start(
        _ program: String, _ words: [String], in directory: String, _ environment: [String: String], umask mask: String
    ) async throws -> CommandRun {
        let path = directory + "/command-" + UUID().uuidString.prefix(8)
        var variables = environment
        variables["TEST_OUTPUT"] = path + ".out"
        variables["TEST_COMPLAINTS"] = path + ".err"
        // The shell sets up the two files and becomes the command; the words reach it as they are.
        let script = "umask \(mask); exec \"$0\" \"$@\" >\"$TEST_OUTPUT\" 2>\"$TEST_COMPLAINTS\""
        let child = try await ChildProcess.start(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", script, program] + words, environment: variables,
                directory: directory, output: nil, tie: .diesWithParent))
        return CommandRun(
            pid: child.pid, outputPath: path + ".out", complaintsPath: path + ".err",
            ended: Task { await child.exitStatus() })
    }

    var isRunning: Bool { ProcessIdentity(pid: pid) != nil }
    /// What it has said so far.
    var output: String { Self.text(outputPath) }
    var complaints: String { Self.text(complaintsPath) }

    func signal(_ number: Int32) { kill(pid, number) }

    func result() async -> CommandResult {
        CommandResult(status: await ended.value, output: output, complaints: complaints)
    }

    private static func text(_ path: String) -> String {
        // Not there yet: it has said nothing.
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

struct CommandResult: Sendable {
    var status: ExitStatus
    var output: String
    var complaints: String

    var code: Int32? {
        if case .exited(let code) = status { code } else { nil }
    }

    var wasKilled: Bool { status == .killed(signal: SIGKILL) }
}
