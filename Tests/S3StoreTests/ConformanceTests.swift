// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Digests
import Foundation
import StoreTesting
import Testing
import TrainingJobs

@testable import AWSClient
@testable import S3Store

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite struct S3ConformanceTests {
    @Test(arguments: ObjectStoreRule.allCases)
    func `a bucket keeps every rule of stores`(rule: ObjectStoreRule) async throws {
        guard let site = try await Site.real() else { return }
        let complaints = try await rule.complaints(about: try site.store(prefix: Site.prefix()))
        #expect(complaints.isEmpty, "\(rule.rawValue)")
    }

    @Test func `a large object goes up in parts and comes down in ranges, and is created once`() async throws {
        guard let site = try await Site.real() else { return }
        let store = try site.store(prefix: Site.prefix())
        let key = try #require(ObjectKey("n/log/00000001.json"))
        let bytes = ObjectStoreRule.bytes((8 << 20) * 2 + 12345)
        #expect(try await store.putIfAbsent(key, bytes) == .created)
        #expect(try await store.get(key, limit: bytes.count) == bytes)
        await #expect(throws: ObjectDamaged.self) { _ = try await store.get(key, limit: bytes.count - 1) }
        #expect(try await store.putIfAbsent(key, Array(bytes.dropLast())) == .exists)
        #expect(try await store.get(key, limit: bytes.count) == bytes)
        #expect(try await store.bucket.uploads(prefix: store.prefix).isEmpty, "the loser's upload is aborted")
    }

    @Test func `of many creators of a large object exactly one wins, and its bytes stay`() async throws {
        guard let site = try await Site.real() else { return }
        let store = try site.store(prefix: Site.prefix())
        let key = try #require(ObjectKey("n/race"))
        let bytes = ObjectStoreRule.bytes((8 << 20) + 10)
        let winners = try await withThrowingTaskGroup(of: (UInt8, PutOutcome).self) { group in
            for writer in UInt8(0)..<4 {
                group.addTask { (writer, try await store.putIfAbsent(key, bytes + [writer])) }
            }
            return try await group.reduce(into: [UInt8]()) { if $1.1 == .created { $0.append($1.0) } }
        }
        #expect(winners.count == 1)
        #expect(try await store.get(key, limit: 16 << 20)?.last == winners.first)
    }

    @Test func `uploads that writers left are aborted when they are old, and only below the prefix`() async throws {
        guard let site = try await Site.real() else { return }
        let prefix = Site.prefix()
        let store = try site.store(prefix: prefix)
        let digest = try #require(Digest(hex: String(repeating: "0", count: 64)))
        for key in ["n/a", "n/b", "other/c"] {
            _ = try await store.bucket.beginUpload("\(prefix)/\(key)", digest: digest)
        }
        let night = try #require(ObjectKey("n"))
        let patient = try site.store(prefix: prefix, staleAfter: .hours(1))
        try await patient.removeLeftovers(night)
        #expect(try await store.bucket.uploads(prefix: prefix).count == 3)
        try await store.removeLeftovers(night)
        #expect(try await store.bucket.uploads(prefix: prefix).map(\.key) == ["\(prefix)/other/c"])
    }

    @Test func `a listing of more than a page is whole`() async throws {
        guard let site = try await Site.real() else { return }
        let store = try site.store(prefix: Site.prefix())
        let keys = (0..<1100).compactMap { ObjectKey("n/pieces/\($0 % 7)/\($0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for batch in 0..<8 {
                group.addTask {
                    for index in stride(from: batch, to: keys.count, by: 8) {
                        _ = try await store.putIfAbsent(keys[index], [1])
                    }
                }
            }
            try await group.waitForAll()
        }
        let listed = try await store.list(try #require(ObjectKey("n")))
        #expect(listed.map(\.key) == keys.sorted())
    }

    @Test func `a wrong secret is refused, and a bucket that is not there is told`() async throws {
        guard let site = try await Site.real() else { return }
        let wrong = try site.bucket(secret: "wrong")
        await #expect {
            _ = try await wrong.list(prefix: "")
        } throws: {
            if case AWSError.denied(_, "SignatureDoesNotMatch", _) = $0 { true } else { false }
        }
        let absent = try site.bucket("not-there-at-all")
        await #expect {
            _ = try await absent.get("x")
        } throws: {
            if case AWSError.service(_, 404, "NoSuchBucket", _) = $0 { true } else { false }
        }
    }

    @Test func `keys with odd characters are signed as the server reads them`() async throws {
        guard let site = try await Site.real() else { return }
        let bucket = try site.bucket()
        let prefix = Site.prefix()
        for key in ["a b", "a+b", "ü/漢", "a=b&c", "a%2Fb", "~(x)!*'", "a//b"] {
            let name = "\(prefix)/\(key)"
            #expect(try await bucket.put(name, Array(key.utf8), onlyIfAbsent: true) == .created, "\(key)")
            #expect(try await bucket.get(name)?.bytes == Array(key.utf8), "\(key)")
        }
    }

    @Test func `an address that was signed lets its holder read, and no other object`() async throws {
        guard let site = try await Site.real() else { return }
        let bucket = try site.bucket()
        let key = Site.prefix() + "/a b"
        _ = try await bucket.put(key, [7], onlyIfAbsent: true)
        let credentials = Credentials(
            accessKeyId: SeaweedFS.keyId, secretAccessKey: Secret(SeaweedFS.secret), sessionToken: nil, expiration: nil,
            source: "a test")
        let address = bucket.presignedGet(key, with: credentials, at: Site.now(), for: .minutes(5))
        let (bytes, _) = try await URLSession.shared.data(from: try #require(URL(string: address)))
        #expect(Array(bytes) == [7])
        let other = address.replacing("a%20b", with: "c")
        let (_, reply) = try await URLSession.shared.data(from: try #require(URL(string: other)))
        #expect((reply as? HTTPURLResponse)?.statusCode == 403)
    }
}
