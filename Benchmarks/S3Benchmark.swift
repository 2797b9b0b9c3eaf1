// SPDX-License-Identifier: Apache-2.0

import AWSClient
import CheckpointStore
import Foundation
import S3Store
import StoreTesting
import TrainingJobs

/// A checkpoint of 1 GiB into a real S3 server on this machine and back, run by run beside s5cmd, which copies the same
/// files, verifies nothing and lets ours be durable by the same syncing.
struct S3Benchmark {
    let root: String
    private static let runs = 5
    private static let tool = "s5cmd"

    private var source: String { root + "/source" }

    func run() async throws {
        guard let server = await SeaweedFS.shared() else { return }
        guard try tool(["version"], server) else {
            print("skipped: \(Self.tool) is not in PATH; run Scripts/setup --test")
            return
        }
        _ = try tool(["mb", "s3://\(SeaweedFS.bucket)"], server)
        let files = try CheckpointFiles.write(4, megabytes: 256, to: source)
        var times: [String: [Double]] = [:]
        func measure(_ name: String, _ body: () async throws -> Void) async throws {
            times[name, default: []] += try await Spread.measure(runs: 1) { _ in try await body() }.seconds
        }
        for run in 0..<Self.runs {
            let store = try store(server, prefix: "run-\(run)")
            let copy = "s3://\(SeaweedFS.bucket)/copy-\(run)/"
            guard let lineage = Lineage("bench", in: store) else { return }
            let claim = try await lineage.claim(epoch: 1, at: 0)
            try await measure("commit") {
                _ = try await lineage.commit(files, from: source, under: claim, progress: 1, label: nil, at: 0)
            }
            try await measure("up") { try copied(["cp", source + "/*", copy], server) }
            try await measure("restore") { _ = try await lineage.restore(into: root + "/restored", atMost: .max) }
            try await measure("down") {
                try copied(["cp", copy + "*", root + "/copied/"], server)
                try CheckpointFiles.sync(root + "/copied")
            }
            for name in ["restored", "copied"] { try FileManager.default.removeItem(atPath: root + "/" + name) }
            _ = try tool(["rm", "s3://\(SeaweedFS.bucket)/*"], server)
        }
        func spread(_ name: String) -> Spread { Spread(seconds: times[name] ?? []) }
        print("median (least – most) of \(Self.runs) runs")
        spread("commit").report("commit 1 GiB to S3", against: Self.tool, spread("up"))
        spread("restore").report("restore 1 GiB from S3", against: Self.tool, spread("down"))
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print("memory: \(usage.ru_maxrss >> 10) MiB at most")
    }

    private func store(_ server: SeaweedFS, prefix: String) throws -> S3ObjectStore {
        let now: @Sendable () -> Instant = { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
        let caller = AWSCaller(
            settings: AWSSettings(environment: environment(server), home: "/none") { _ in nil },
            transport: HTTPTransport(environment: [:]),
            time: AWSTime(now: now, sleep: { try await Task.sleep(for: $0) }, chance: { .random(in: 0..<1) }))
        let bucket = try S3Bucket(SeaweedFS.bucket, region: "us-east-1", caller: caller)
        return S3ObjectStore(bucket: bucket, prefix: ObjectKey(prefix), now: now)
    }

    private func environment(_ server: SeaweedFS) -> [String: String] {
        [
            "AWS_ACCESS_KEY_ID": SeaweedFS.keyId, "AWS_SECRET_ACCESS_KEY": SeaweedFS.secret,
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(server.port)",
        ]
    }

    private func copied(_ words: [String], _ server: SeaweedFS) throws {
        guard try tool(words, server) else { throw CocoaError(.fileWriteUnknown) }
    }

    private func tool(_ words: [String], _ server: SeaweedFS) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [Self.tool, "--endpoint-url", "http://127.0.0.1:\(server.port)"] + words
        process.environment = ProcessInfo.processInfo.environment.merging(environment(server)) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
