// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProcessSupervision

/// Kills a program at each system call by which it changes files below a directory, one run a call.
///
/// `strace` lists the calls of an undisturbed run; filtered to the paths that occur in it, the same calls are counted by
/// its fault injection, which sends SIGKILL when the n-th one is entered, before it has an effect.
struct TracedKills: Sendable {
    /// One place to die at.
    struct Point: Hashable, Sendable, CustomStringConvertible {
        var call: String
        /// From 1, within its thread.
        var number: Int
        /// As the undisturbed run made it.
        var line: String
        var description: String { "\(call) \(number): \(line)" }
    }

    static let strace = ["/usr/bin/strace", "/usr/local/bin/strace", "/bin/strace"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private static let calls = [
        "openat", "write", "pwrite64", "copy_file_range", "sendfile", "fsync", "mkdir", "mkdirat", "rename", "renameat",
        "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "rmdir", "ftruncate", "chmod",
        "fchmod", "fchmodat", "fchown", "utimensat", "flock",
    ]

    /// The files below this directory count.
    let directory: String
    /// Runs words that begin with `strace`, from a fresh start, to their end.
    let run: @Sendable (_ words: [String]) async throws -> ExitStatus
    let command: [String]

    /// Runs the command undisturbed, twice: to learn the paths, and to count the calls on them.
    func points() async throws -> (points: [Point], paths: [String]) {
        let paths = Self.paths(in: try await trace([]), below: directory)
        let lines = try await trace(paths.flatMap { ["-P", $0] })
        var counts: [String: Int] = [:]
        var found: [Point] = []
        for line in lines {
            // `4790  rename("/a", "/b") = 0`: the thread, and the call.
            let thread = line.prefix { $0 != " " }
            let text = line.dropFirst(thread.count).drop { $0 == " " }
            let name = String(text.prefix { $0 != "(" })
            guard Self.calls.contains(name) else { continue }
            let number = counts["\(thread) \(name)", default: 0] + 1
            counts["\(thread) \(name)"] = number
            let isReading = name == "openat" && !["O_WRONLY", "O_RDWR", "O_CREAT"].contains { text.contains($0) }
            // Two threads or programs may have a call of the same number: whoever comes first dies there.
            guard !isReading, !found.contains(where: { $0.call == name && $0.number == number }) else { continue }
            found.append(Point(call: name, number: number, line: String(text.prefix(200))))
        }
        return (found, paths)
    }

    /// Runs the command and kills it there.
    func kill(at point: Point, _ paths: [String]) async throws -> ExitStatus {
        try await run(
            [
                Self.strace ?? "", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(point.call)", "-e",
                "inject=\(point.call):signal=KILL:when=\(point.number)",
            ] + paths.flatMap { ["-P", $0] } + command)
    }

    private func trace(_ filter: [String]) async throws -> [String] {
        let file = NSTemporaryDirectory() + "trace-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }  // a rest in /tmp harms nobody
        let words = [
            Self.strace ?? "", "-f", "-qq", "-y", "-s", "4", "-o", file, "-e",
            "trace=\(Self.calls.joined(separator: ","))",
        ]
        _ = try await run(words + filter + command)
        return String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    private static func paths(in lines: [String], below directory: String) -> [String] {
        var found: Set<String> = []
        for line in lines {
            for part in line.split(whereSeparator: { "\"<>".contains($0) })
            where part == directory || part.hasPrefix(directory + "/") {
                found.insert(String(part))
            }
        }
        return found.sorted()
    }
}
