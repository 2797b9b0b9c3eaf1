// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import ControlPlane

@Suite struct BucketsTests {
    private final class Bench: Sendable {
        let directory = NSTemporaryDirectory() + "buckets-" + UUID().uuidString
        deinit { try? FileManager.default.removeItem(atPath: directory) }

        func open(at milliseconds: Int64 = 1_000_000) throws -> Buckets {
            try Buckets(directory: directory) { Instant(milliseconds: milliseconds) }
        }

        @discardableResult
        func put(_ text: String, _ key: String, into buckets: Buckets) throws -> StoredObject {
            let path = NSTemporaryDirectory() + UUID().uuidString
            try Data(text.utf8).write(to: URL(filePath: path))
            let object = try buckets.put(file: path, bucket: "bucket", key: key)
            #expect(!FileManager.default.fileExists(atPath: path), "the file was not moved in")
            return object
        }
    }

    @Test("An object outlives the store that took it, under its own bytes as a key")
    func reopened() throws {
        let bench = Bench()
        // Two spellings that Swift takes for one and the same.
        let keys = ["\u{e9}", "e\u{301}", "..", "a\0b", String(repeating: "/", count: 1024)]
        do {
            let buckets = try bench.open()
            for key in keys { try bench.put("<\(key)>", key, into: buckets) }
        }
        let buckets = try bench.open()
        for key in keys {
            let object = try #require(try buckets.object(bucket: "bucket", key: key))
            #expect(Array(object.key.utf8) == Array(key.utf8))
            #expect(try String(contentsOfFile: object.file, encoding: .utf8).utf8.elementsEqual("<\(key)>".utf8))
        }
        #expect(try buckets.list(bucket: "bucket", prefix: "").count == keys.count)
    }

    @Test("Two stores never serve one directory")
    func inUse() throws {
        let bench = Bench()
        let first = try bench.open()
        #expect(throws: BucketsError.inUse(directory: bench.directory)) { try bench.open() }
        _ = first
    }

    @Test("The bytes of a replaced object stay for a minute, then they go")
    func grace() throws {
        let bench = Bench()
        final class Clock: @unchecked Sendable { var now: Int64 = 1_000_000 }  // one test alone moves it
        let clock = Clock()
        let buckets = try Buckets(directory: bench.directory) { Instant(milliseconds: clock.now) }
        let old = try bench.put("old", "k", into: buckets)
        try bench.put("new", "k", into: buckets)
        clock.now += 60_000
        try bench.put("x", "other", into: buckets)
        #expect(FileManager.default.fileExists(atPath: old.file))
        clock.now += 1
        try bench.put("y", "other", into: buckets)
        #expect(!FileManager.default.fileExists(atPath: old.file))
        #expect(
            try String(contentsOfFile: #require(try buckets.object(bucket: "bucket", key: "k")).file, encoding: .utf8)
                == "new")
    }

    @Test("A put that is refused leaves the object, the file that was to go in, and no byte beside")
    func refused() throws {
        let bench = Bench()
        let buckets = try bench.open()
        try bench.put("first", "k", into: buckets)
        let path = NSTemporaryDirectory() + UUID().uuidString
        try Data("second".utf8).write(to: URL(filePath: path))
        defer { unlink(path) }
        #expect(throws: BucketsError.invalidKey(bytes: 1025)) {
            try buckets.put(file: path, bucket: "bucket", key: String(repeating: "k", count: 1025))
        }
        #expect(throws: BucketsError.invalidBucketName("no/bucket")) {
            try buckets.put(file: path, bucket: "no/bucket", key: "k")
        }
        let here = try buckets.blobs.broughtHere(path)
        #expect(throws: BucketsError.preconditionFailed) {
            try buckets.put(
                IncomingContent(file: here, size: 6, etag: "x"),
                as: ObjectTerms(bucket: "bucket", key: "k", condition: .ifAbsent))
        }
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(try buckets.blobs.names().count == 1)
        #expect(try buckets.object(bucket: "bucket", key: "k")?.size == 5)
    }

    @Test("Pages put together are the whole list, folded as one would by hand", arguments: 0..<200)
    func listing(seed: UInt64) throws {
        let bench = Bench()
        let buckets = try bench.open()
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        let letters = ["a", "b", "/", "/", "\u{e9}", "~"]
        func word(_ most: Int) -> String { (0...draw(most)).map { _ in letters[draw(letters.count)] }.joined() }
        var keys: Set<[UInt8]> = []
        try buckets.create("bucket")
        for _ in 0..<draw(25) {
            let key = word(5)
            if keys.insert(Array(key.utf8)).inserted { try bench.put("", key, into: buckets) }
        }
        var query = ListingQuery(bucket: "bucket")
        query.prefix = draw(2) == 0 ? "" : word(1)
        query.delimiter = ["", "/", "b", "a/"][draw(4)]
        query.most = 1 + draw(4)
        var found: [String] = []
        var rounds = 0
        while true {
            let page = try buckets.page(query)
            #expect(page.entries.count <= query.most)
            found += page.entries.map(\.name)
            rounds += 1
            guard page.isTruncated, rounds < 100 else { break }
            query.after = Array(try #require(page.entries.last).name.utf8)
        }
        let wanted = Self.listed(keys, prefix: query.prefix, delimiter: query.delimiter)
        #expect(found.map { Array($0.utf8) } == wanted, "seed \(seed): \(query)")
    }

    /// The slow and obvious way.
    private static func listed(_ keys: Set<[UInt8]>, prefix: String, delimiter: String) -> [[UInt8]] {
        var names: Set<[UInt8]> = []
        for key in keys where key.starts(with: prefix.utf8) {
            let rest = String(decoding: key.dropFirst(prefix.utf8.count), as: UTF8.self)
            if !delimiter.isEmpty, let range = rest.firstRange(of: delimiter) {
                names.insert(Array((prefix + rest[..<range.upperBound]).utf8))
            } else {
                names.insert(key)
            }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
