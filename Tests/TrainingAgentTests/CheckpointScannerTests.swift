// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

@Suite(.timeLimit(.minutes(1)))
struct CheckpointScannerTests {
    let scratch: Scratch
    private let settle = Duration.seconds(5)
    private let start = SystemClock.now()

    init() throws { scratch = try Scratch() }

    private func scanner() -> CheckpointScanner { CheckpointScanner(directory: scratch.path, settleTime: settle) }

    /// Wall time this many seconds from now; files of the test are new.
    private func after(_ seconds: Double) -> Instant { start + .milliseconds(Int(seconds * 1000)) }

    @Test func `files count once they have stood still for the settle time`() throws {
        try scratch.write("w", to: "weights")
        var scanner = scanner()
        #expect(scanner.scan(at: after(1)) { [] } == nil)
        #expect(scanner.scan(at: after(4)) { [] } == nil)
        #expect(scanner.scan(at: after(6)) { [] }?.files.map(\.path) == ["weights"])
        try scratch.write("more", to: "optimizer")
        #expect(scanner.scan(at: after(7)) { [] } == nil)
        #expect(scanner.scan(at: after(11)) { [] } == nil)
        #expect(scanner.scan(at: after(12)) { [] }?.files.map(\.path) == ["optimizer", "weights"])
    }

    @Test func `a file that grows is not settled`() throws {
        var scanner = scanner()
        for second in 1...12 {
            try scratch.write(String(repeating: "w", count: second), to: "weights")
            #expect(scanner.scan(at: after(Double(second))) { [] } == nil)
        }
    }

    @Test func `a file is too fresh at first, and a time in the future is no reason for ever`() throws {
        try scratch.write("w", to: "weights")
        func touch(_ seconds: Double) throws {
            let date = Date(timeIntervalSince1970: Double(after(seconds).milliseconds) / 1000)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: scratch.path + "/weights")
        }
        try touch(9)
        var scanner = scanner()
        #expect(scanner.scan(at: after(1)) { [] } == nil)
        #expect(scanner.scan(at: after(10)) { [] } == nil)  // stood still, but one second old
        #expect(scanner.scan(at: after(11.5)) { [] } != nil)
        try touch(1_000_000)
        #expect(scanner.scan(at: after(12)) { [] } == nil)
        #expect(scanner.scan(at: after(18)) { [] } != nil)
    }

    @Test func `names that say that they are unfinished do not count, at any depth`() throws {
        for name in [
            ".hidden", "a.tmp", "b.partial", "c.part", "d.writing", "e.incomplete", ".dir/w", "f.tmp/w", "ok/.g",
            "ok/w",
            "tmp", "a.tmp.bin",
        ] { try scratch.write("x", to: name) }
        var scanner = scanner()
        _ = scanner.scan(at: after(1)) { [] }
        #expect(scanner.scan(at: after(7)) { [] }?.files.map(\.path) == ["a.tmp.bin", "ok/w", "tmp"])
    }

    @Test func `links, pipes, sockets and devices neither hang nor count, and are told once`() throws {
        try scratch.write("w", to: "weights")
        symlink("/etc/passwd", scratch.path + "/link")
        symlink("/", scratch.path + "/root")
        mkfifo(scratch.path + "/pipe", 0o600)
        mknod(scratch.path + "/device", S_IFCHR | 0o600, 1 << 8 | 5)  // where that is allowed
        var scanner = scanner()
        _ = scanner.scan(at: after(1)) { [] }
        #expect(scanner.scan(at: after(7)) { [] }?.files.map(\.path) == ["weights"])
        let remarks = scanner.takeRemarks()
        #expect(remarks.contains(#""pipe" is not a regular file and no part of a checkpoint"#))
        #expect(Set(remarks).count == remarks.count && remarks.count >= 3)
        _ = scanner.scan(at: after(8)) { [] }
        #expect(scanner.takeRemarks() == [])
    }

    @Test(.tags(.realProcesses)) func `a file that a process has open for writing is not settled`() async throws {
        try scratch.write("w", to: "weights")
        let script =
            "exec 3>>\"$1/weights\"; echo ready > \"$1/.ready\"; read line < \"$1/.gate\"; exec 3>&-; echo closed > \"$1/.closed\"; exec sleep 1000"
        mkfifo(scratch.path + "/.gate", 0o600)
        let child = try await ChildProcess.start(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", script, "sh", scratch.path],
                environment: ["PATH": "/usr/bin:/bin"],
                directory: nil, output: nil, tie: .diesWithParent))
        defer { child.signalGroup(SIGKILL) }
        try await eventually("the file is open") { scratch.exists(".ready") }
        var scanner = scanner()
        _ = scanner.scan(at: after(30)) { [child.pid] }
        #expect(scanner.scan(at: after(40)) { [child.pid] } == nil)
        #expect(scanner.scan(at: after(41)) { [] } != nil)
        let gate = open(scratch.path + "/.gate", O_WRONLY)
        _ = write(gate, "go\n", 3)
        close(gate)
        try await eventually("the file is closed") { scratch.exists(".closed") }
        #expect(scanner.scan(at: after(50)) { [child.pid] } != nil)
    }

    @Test func `after a kill only files that had settled count, after an orderly end all`() throws {
        try scratch.write("w", to: "weights")
        var scanner = scanner()
        #expect(scanner.lastLook(endedAt: after(1), savedOnPurpose: false) == nil)
        #expect(scanner.lastLook(endedAt: after(1), savedOnPurpose: true) != nil)
        #expect(scanner.lastLook(endedAt: after(7), savedOnPurpose: false) != nil)
    }

    @Test func `a rejected set is not offered again until it changes`() throws {
        try scratch.write("w", to: "weights")
        var scanner = scanner()
        let found = scanner.lastLook(endedAt: after(1), savedOnPurpose: true)
        scanner.reject(try #require(found))
        #expect(scanner.lastLook(endedAt: after(1), savedOnPurpose: true) == nil)
        try scratch.write("other", to: "weights")
        #expect(scanner.lastLook(endedAt: after(1), savedOnPurpose: true) != nil)
    }

    @Test func `an empty or missing directory is no checkpoint`() {
        var scanner = CheckpointScanner(directory: scratch.path + "/none", settleTime: settle)
        #expect(scanner.scan(at: after(1)) { [] } == nil)
        #expect(scanner.lastLook(endedAt: after(100), savedOnPurpose: true) == nil)
    }
}
