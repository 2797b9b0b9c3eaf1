// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import StoreTesting
import Synchronization
import TrainingJobs

@testable import AWSClient
@testable import S3Store

/// A bucket of the real server, reached at some port: its own, or that of a proxy before it.
struct Site: Sendable {
    let port: Int

    func caller(
        secret: String = SeaweedFS.secret, attempts: Int = 3, patience: Duration = .seconds(60)
    ) -> AWSCaller {
        let environment = [
            "AWS_ACCESS_KEY_ID": SeaweedFS.keyId, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)", "AWS_MAX_ATTEMPTS": String(attempts),
        ]
        // Waits between attempts are none: nothing here gets better by waiting.
        let time = AWSTime(now: { Self.now() }, sleep: { _ in }, chance: { 0 })
        return AWSCaller(
            settings: AWSSettings(environment: environment, home: "/none") { _ in nil },
            transport: Self.transport, time: time, patience: patience)
    }

    func bucket(
        _ name: String = SeaweedFS.bucket, secret: String = SeaweedFS.secret, attempts: Int = 3,
        patience: Duration = .seconds(60)
    ) throws -> S3Bucket {
        try S3Bucket(
            name, region: "us-east-1", caller: caller(secret: secret, attempts: attempts, patience: patience))
    }

    func store(
        prefix: String, patience: Duration = .seconds(60), staleAfter: Duration = .zero
    ) throws -> S3ObjectStore {
        S3ObjectStore(
            bucket: try bucket(patience: patience), prefix: ObjectKey(prefix), now: { Self.now() },
            staleAfter: staleAfter)
    }

    static func now() -> Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
    private static let transport = HTTPTransport()

    /// The server's own port, with the bucket in it; `nil` where there is no server.
    static func real() async throws -> Site? {
        guard let server = await SeaweedFS.shared() else { return nil }
        let site = Site(port: server.port)
        try await made.value(site)
        return site
    }

    private static let made = Once()

    private actor Once {
        private var task: Task<Void, any Error>?

        func value(_ site: Site) async throws {
            let running =
                task
                ?? Task {
                    let bucket = try site.bucket(attempts: 10)
                    _ = try await bucket.call(bucket.request("PUT"))
                }
            task = running
            try await running.value
        }
    }

    /// A prefix of a test's own.
    static func prefix() -> String { "t-" + UUID().uuidString }
}
