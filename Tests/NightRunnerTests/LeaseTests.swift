// SPDX-License-Identifier: Apache-2.0

import Foundation
import NightRunner
import Testing

/// With processes of their own: the kernel keeps the lease, so only the kernel can show it.
@Suite struct LeaseTests {
    @Test func `a second runner is refused and told who steers`() async throws {
        let directory = try Bench.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody
        let lease = try #require(try RunnerLease.take(directory: directory))
        #expect(RunnerLease.holder(directory: directory) == "\(getpid())")
        let mine = "\(getpid())"
        await #expect(processExitsWith: .exitCode(42)) { [directory = directory as String, mine = mine as String] in
            let refused = try RunnerLease.take(directory: directory) == nil
            exit(refused && RunnerLease.holder(directory: directory) == mine ? 42 : 1)
        }
        withExtendedLifetime(lease) {}
    }

    @Test func `kill -9 frees the lease at once`() async throws {
        let directory = try Bench.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody
        await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String] in
            let lease = try RunnerLease.take(directory: directory)
            if lease != nil { kill(getpid(), SIGKILL) }
            exit(1)
        }
        #expect(RunnerLease.holder(directory: directory) != "\(getpid())")
        #expect(try RunnerLease.take(directory: directory) != nil)
    }

    @Test func `a refused lease touches no descriptor of others`() throws {
        let directory = try Bench.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody
        let lease = try #require(try RunnerLease.take(directory: directory))
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        for _ in 0..<100 { #expect(try RunnerLease.take(directory: directory) == nil) }
        let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        #expect(abs(after - before) < 50)
        withExtendedLifetime(lease) {}
    }

    @Test func `a lease that was given back can be taken`() throws {
        let directory = try Bench.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a rest in memory harms nobody
        for _ in 0..<3 { #expect(try RunnerLease.take(directory: directory) != nil) }
    }
}
