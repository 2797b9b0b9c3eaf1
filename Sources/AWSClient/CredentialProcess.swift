// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Runs the program that a profile names as `credential_process`, without a shell.
package struct CredentialProcess: Sendable {
    /// What the program wrote, or why there is nothing.
    package typealias Output = Result<[UInt8], Failure>

    package struct Failure: Error, Hashable, Sendable {
        package var reason: String
        package init(_ reason: String) { self.reason = reason }
    }

    package var run: @Sendable (_ words: [String]) async -> Output

    package init(run: @escaping @Sendable (_ words: [String]) async -> Output) { self.run = run }

    /// A program of this machine, with our environment; a minute to answer, a mebibyte at most.
    package static let system = CredentialProcess { words in
        guard let program = words.first.flatMap({ path(of: $0) }) else {
            return .failure(Failure("there is no program \(words.first ?? "")"))
        }
        let process = Process()
        process.executableURL = program
        process.arguments = Array(words.dropFirst())
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        let ended = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            ended.continuation.yield($0.terminationReason == .exit ? $0.terminationStatus : -1)
            ended.continuation.finish()
        }
        do { try process.run() } catch { return .failure(Failure("\(program.path): \(error.localizedDescription)")) }
        let id = process.processIdentifier
        let watch = Task {
            try await Task.sleep(for: .seconds(60))
            kill(id, SIGKILL)
        }
        let output = await read(pipe.fileHandleForReading, stop: { kill(id, SIGKILL) })
        var status: Int32 = -1
        for await value in ended.stream { status = value }
        watch.cancel()
        guard let output else { return .failure(Failure("it wrote more than a mebibyte")) }
        guard status == 0 else {
            return .failure(
                Failure(status < 0 ? "it was killed after a minute or by a signal" : "it exited with \(status)"))
        }
        return .success(output)
    }

    private static func path(of word: String) -> URL? {
        if word.contains("/") { return URL(filePath: word) }
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return places.map { URL(filePath: String($0)).appending(path: word) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    private static func read(_ handle: FileHandle, stop: @escaping @Sendable () -> Void) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var bytes: [UInt8] = []
                while true {
                    // A pipe that breaks is the program's end.
                    guard let part = try? handle.read(upToCount: 65536), !part.isEmpty else { break }
                    bytes += part
                    if bytes.count > 1 << 20 {
                        stop()
                        return continuation.resume(returning: nil)
                    }
                }
                continuation.resume(returning: bytes)
            }
        }
    }
}
