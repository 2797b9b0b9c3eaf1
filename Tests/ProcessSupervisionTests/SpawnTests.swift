// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ProcessSupervision

/// Real processes; each ends by itself or with the test.
@Suite(.timeLimit(.minutes(1)))
struct SpawnTests {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "spawn-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func request(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil,
        output: Int32? = nil, tie: SpawnRequest.Tie = .diesWithParent
    ) -> SpawnRequest {
        SpawnRequest(
            executable: executable, arguments: arguments, environment: environment, directory: directory,
            output: output,
            tie: tie)
    }

    /// Runs to the end; what it wrote and how it ended.
    private func run(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil
    ) async throws -> (output: String, status: ProcessSupervision.ExitStatus) {
        let path = self.directory + "/output-\(UUID().uuidString)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let child = try await ChildProcess.start(
            request(executable, arguments, environment: environment, directory: directory, output: descriptor))
        let status = await child.exitStatus()
        return (String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self), status)
    }

    @Test(arguments: [SpawnRequest.Tie.diesWithParent, .detached])
    func `a failed start tells the errno and leaves no zombie`(tie: SpawnRequest.Tie) throws {
        let plain = directory + "/plain"
        try Data("no program".utf8).write(to: URL(filePath: plain))
        let cases: [(SpawnRequest, Int32, String)] = [
            (request("/no/such/program", tie: tie), ENOENT, "cannot start /no/such/program: No such file or directory"),
            (request(plain, tie: tie), EACCES, "cannot start \(plain): Permission denied"),
            (request(directory, tie: tie), EACCES, "cannot start \(directory): Permission denied"),
            (
                request("/bin/true", directory: "/no/such/place", tie: tie), ENOENT,
                "cannot start /bin/true in /no/such/place: No such file or directory"
            ),
            (
                request("/bin/true", directory: plain, tie: tie), ENOTDIR,
                "cannot start /bin/true in \(plain): Not a directory"
            ),
            (request("/bin/echo", ["a\0b"], tie: tie), EINVAL, "cannot start /bin/echo: Invalid argument"),
            (
                request("/bin/true", environment: ["A": "a\0b"], tie: tie), EINVAL,
                "cannot start /bin/true: Invalid argument"
            ),
        ]
        for (request, code, sentence) in cases {
            let error = #expect(throws: SpawnError.self) { try request.spawn() }
            #expect(error?.code == code)
            #expect(error?.description == sentence)
        }
    }

    @Test func `the child gets the environment it was given and nothing else`() async throws {
        let environment = ["A": "1 2", "B": "", "C": "$(touch x)\nsecond line", "D": "é=="]
        let (output, status) = try await run("/usr/bin/env", ["-0"], environment: environment)
        #expect(status == .exited(0))
        #expect(Set(output.split(separator: "\0")) == Set(environment.map { Substring("\($0.key)=\($0.value)") }))
    }

    @Test(arguments: [
        "", " ", "a b", "'", "\"", "; $(touch X)", "`touch X`", "\n", "-rf", "--", "*", "\u{1b}[31m", "é", "\\",
    ])
    func `each word stays one word`(word: String) async throws {
        let (output, _) = try await run("/usr/bin/printf", ["[%s]", word, "end"], directory: directory)
        #expect(output == "[\(word)][end]")
        #expect(!FileManager.default.fileExists(atPath: directory + "/X"))
    }

    @Test func `no descriptor of ours reaches the child, whatever its number`() async throws {
        // Without close-on-exec, on purpose.
        let open = (0..<40).map { _ in Foundation.open("/dev/null", O_RDONLY) }
        let high = fcntl(open[0], F_DUPFD, 900)
        defer { for descriptor in open + [high] { close(descriptor) } }
        let (output, _) = try await run("/bin/ls", ["/proc/self/fd"])
        // The fourth is the directory that `ls` reads.
        #expect(output.split(separator: "\n") == ["0", "1", "2", "3"])
    }

    @Test func `the child starts with default signals, in a session of its own, without input`() async throws {
        signal(SIGUSR1, SIG_IGN)
        defer { signal(SIGUSR1, SIG_DFL) }
        let script = "cat; echo $$; ps -o sid= -p $$; grep -E '^Sig(Blk|Ign)' /proc/self/status"
        let (output, status) = try await run("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
        #expect(status == .exited(0))
        let lines = output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.count == 4 && lines[0] == lines[1])
        // Signals 32 and up are the C library's own; it does not let anybody change them.
        for line in lines.dropFirst(2) {
            let mask = line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
            #expect(mask.map { $0 & 0x7fff_ffff } == 0, "\(line)")
        }
    }

    @Test func `how a child ended is told as it was`() async throws {
        #expect(try await run("/bin/sh", ["-c", "exit 75"]).status == .exited(75))
        #expect(try await run("/bin/sh", ["-c", "kill -9 $$"]).status == .killed(signal: 9))
        #expect(
            try await run("/bin/sh", ["-c", "kill -15 $$"]).status.description == "killed by signal 15 (Terminated)")
        #expect(ProcessSupervision.ExitStatus.unknown.description == "an end that nobody saw")
    }

    @Test func `a detached child lives on by itself and is no zombie of ours`() async throws {
        let pid = try request("/bin/sleep", ["1000"], tie: .detached).spawn()
        defer { kill(pid, SIGKILL) }
        let stat = try #require(ProcessTable.stat(of: pid))
        #expect(stat.parent != getpid())
        kill(pid, SIGKILL)
        try await eventually("its end") { ProcessIdentity(pid: pid) == nil }
        #expect(waitpid(pid, nil, WNOHANG) == -1)
    }

    @Test func `children outlive the pool threads that asked for them`() async throws {
        let children = try await withThrowingTaskGroup(of: ChildProcess.self) { group in
            for _ in 0..<8 { group.addTask { try await ChildProcess.start(request("/bin/sleep", ["1000"])) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        defer { for child in children { child.signalGroup(SIGKILL) } }
        // Threads come and go, those of the pool too.
        for _ in 0..<200 {
            await withCheckedContinuation { done in runOnOwnThread { done.resume() } }
        }
        await withTaskGroup(of: Void.self) { group in for _ in 0..<500 { group.addTask { await Task.yield() } } }
        for child in children { #expect(ProcessIdentity(pid: child.pid) != nil) }
        for child in children { child.signalGroup(SIGTERM) }
        for child in children { #expect(await child.exitStatus() == .killed(signal: SIGTERM)) }
    }

    @Test func `another process with the same pid is not the same process`() throws {
        var own = try #require(ProcessIdentity(pid: getpid()))
        #expect(own.isAlive)
        own.startTicks += 1
        #expect(!own.isAlive)
        #expect(ProcessIdentity(pid: 0) == nil)
    }

    @Test func `a process whose name looks like fields of the table is read right`() async throws {
        let odd = directory + "/) Z 1 (x"
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: odd)
        let child = try await ChildProcess.start(request(odd, ["1000"]))
        defer { child.signalGroup(SIGKILL) }
        let stat = try #require(ProcessTable.stat(of: child.pid))
        #expect(stat.parent == getpid() && stat.state != "Z")
    }

    @Test func `a program that somebody is still writing starts once it is closed`() async throws {
        let fresh = directory + "/fresh"
        try FileManager.default.copyItem(atPath: "/bin/true", toPath: fresh)
        let writer = open(fresh, O_WRONLY | O_CLOEXEC)
        let start = Task.detached { [self] in try await ChildProcess.start(request(fresh)) }
        try await eventually("a child that tries") { !ProcessTable.descendants(of: getpid()).isEmpty }
        close(writer)
        #expect(try await start.value.exitStatus() == .exited(0))
    }

    @Test func `descendants are found down to grandchildren`() async throws {
        let child = try await ChildProcess.start(request("/bin/sh", ["-c", "sleep 1000 & sleep 1000 & wait"]))
        try await eventually("two grandchildren") { ProcessTable.descendants(of: child.pid).count == 2 }
        child.signalGroup(SIGKILL)
        _ = await child.exitStatus()
        try await eventually("the end of all") { ProcessTable.descendants(of: child.pid).isEmpty }
    }

    @Test func `processes are found by a variable of their environment`() async throws {
        let mark = UUID().uuidString
        let child = try await ChildProcess.start(request("/bin/sleep", ["1000"], environment: ["MARK": mark]))
        #expect(ProcessTable.processes(withEnvironment: "MARK", mark) == [child.pid])
        #expect(ProcessTable.processes(withEnvironment: "MARK", String(mark.dropLast())) == [])
        child.signalGroup(SIGKILL)
        _ = await child.exitStatus()
        #expect(ProcessTable.processes(withEnvironment: "MARK", mark) == [])
    }

    private func eventually(_ what: String, _ holds: () -> Bool) async throws {
        let patience = ContinuousClock.now + .seconds(20)
        while !holds() {
            try #require(ContinuousClock.now < patience, "never happened: \(what)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
