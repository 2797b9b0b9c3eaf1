// SPDX-License-Identifier: Apache-2.0

import AWSClient
import ArgumentParser
import ControlPlane
import Foundation
import TrainingJobs

/// Where the stage is, and who may speak to it.
struct StagePlace: ParsableArguments {
    static let defaultPort = 4600

    @Option(help: "The port of all services.")
    var port = defaultPort

    @Option(help: "The address to listen on; any but loopback wants a token.")
    var address = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "A file with the token that every request has to show (default: $NIGHTSHIFT_STAGE_TOKEN).",
            valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "A file with the secret access key by which requests have to be signed (default: "
                + "$NIGHTSHIFT_STAGE_SECRET; without one any key will do).", valueName: "file"))
    var secretFile: String?

    func validate() throws {
        guard (1...65_535).contains(port) else { throw ValidationError("--port is between 1 and 65535, not \(port)") }
    }

    /// Ends the command with every problem there is.
    func access() throws -> StageAccess {
        var reader = OptionReader()
        let token = secret("--token-file", tokenFile, "NIGHTSHIFT_STAGE_TOKEN", &reader)
        let secret = secret("--secret-file", secretFile, "NIGHTSHIFT_STAGE_SECRET", &reader)
        let access = StageAccess(address: address, token: token, secret: secret)
        if !access.isLocal, token == nil {
            reader.complain(
                "--address \(address): others could reach the stage and run code here; give them a token: --token-file FILE"
            )
        }
        try reader.finish()
        return access
    }

    /// As clients on this machine reach it.
    var endpoint: String {
        let host =
            ["0.0.0.0": "127.0.0.1", "::": "[::1]"][address] ?? (address.contains(":") ? "[\(address)]" : address)
        return "http://\(host):\(port)"
    }

    /// What to type in another shell.
    func environmentCommand(_ project: ProjectOptions) -> String {
        var words = ["nightshift", "env"]
        if port != Self.defaultPort { words += ["--port", String(port)] }
        if address != "127.0.0.1" { words += ["--address", address] }
        if let tokenFile { words += ["--token-file", tokenFile] }
        if let secretFile { words += ["--secret-file", secretFile] }
        if let state = project.stateDirectory { words += ["--state", state] }
        return words.map(ShellWord.quoted).joined(separator: " ")
    }

    /// Secrets never stand on a command line, where everybody on the machine can read them.
    private func secret(_ option: String, _ path: String?, _ variable: String, _ reader: inout OptionReader) -> Secret?
    {
        let text: String
        if let path {
            guard let data = FileManager.default.contents(atPath: path), data.count <= 4096 else {
                reader.complain("\(option): \(path) cannot be read, or is no file of one line")
                return nil
            }
            text = String(decoding: data, as: UTF8.self)
        } else if let value = ProcessInfo.processInfo.environment[variable] {
            text = value
        } else {
            return nil
        }
        let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let isVisible = line.utf8.allSatisfy { (33...126).contains($0) }
        guard line.utf8.count >= 8, isVisible else {
            reader.complain(
                "\(path.map { "\(option) \($0)" } ?? variable): needs 8 or more visible ASCII characters on one line")
            return nil
        }
        return Secret(line)
    }
}

extension StageAccess {
    /// The keys of a client, as its environment has them.
    var clientKeys: [(name: String, value: String)] {
        var keys = [
            ("AWS_ACCESS_KEY_ID", StageIdentity.accessKeyId),
            ("AWS_SECRET_ACCESS_KEY", secret?.revealed ?? StageIdentity.defaultSecret),
        ]
        if let token { keys.append(("AWS_SESSION_TOKEN", token.revealed)) }
        return keys
    }
}

/// Text as one word of a POSIX shell.
enum ShellWord {
    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte | 0x20) && byte < 128
                || "-._/:=,@+".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
