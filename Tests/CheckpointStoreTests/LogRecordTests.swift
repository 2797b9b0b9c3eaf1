// SPDX-License-Identifier: Apache-2.0
import Digests
import Foundation
import Testing

@testable import CheckpointStore

@Suite struct LogRecordTests {
    private static let abc = SHA256.digest(of: Array("abc".utf8))

    private func record(_ entry: LogRecord.Entry) -> LogRecord {
        LogRecord(
            lineage: "recommender-2026-11-24", sequence: 17, previous: Self.abc, epoch: 3,
            committedAt: 1_795_494_008_000, entry: entry)
    }

    private func generation() throws -> LogRecord {
        record(
            .generation(
                Generation(
                    sequence: 17, number: 12, epoch: 3, committedAt: 1_795_494_008_000, progress: 0.375,
                    label: "step 1200", pieceBytes: 8_388_608,
                    files: [
                        StoredFile(
                            path: try TreePath("model/weights.bin"), bytes: 3, executable: false, sha256: Self.abc,
                            pieces: [Self.abc])
                    ])))
    }

    private static let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    // The bytes in `docs/checkpoint-store.md`. A store that holds others cannot be read by an older program: a change
    // here is a new version of the format.
    @Test func `a generation has exactly the documented bytes`() throws {
        let body =
            #"{"committedAt":1795494008000,"epoch":3,"files":[{"bytes":3,"executable":false,"#
            + #""path":"model/weights.bin","pieces":["\#(Self.digest)"],"sha256":"\#(Self.digest)"}],"#
            + #""format":"nightshift-checkpoints","kind":"generation","label":"step 1200","#
            + #""lineage":"recommender-2026-11-24","number":12,"pieceBytes":8388608,"#
            + #""previous":"\#(Self.digest)","progress":0.375,"sequence":17,"version":1}"#
        let expected = body + "\nsha256:5e7d\n"
        let bytes = try generation().bytes()
        #expect(
            String(decoding: bytes, as: UTF8.self) == expected.replacing("5e7d", with: SHA256.hex(of: Array(body.utf8)))
        )
        #expect(try LogRecord(bytes: bytes, lineage: "recommender-2026-11-24", sequence: 17) == generation())
    }

    @Test func `the example on the page of the format is this record`() throws {
        let page = URL(filePath: #filePath).appending(path: "../../../docs/checkpoint-store.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains("```\n" + String(decoding: try generation().bytes(), as: UTF8.self) + "```\n"))
    }

    @Test func `a claim and a pruning have exactly the documented bytes`() throws {
        let claim =
            #"{"committedAt":1795494008000,"epoch":3,"format":"nightshift-checkpoints","kind":"claim","#
            + #""lineage":"recommender-2026-11-24","previous":"\#(Self.digest)","sequence":17,"version":1}"#
        #expect(try record(.claim).bytes().starts(with: claim.utf8))
        let prune =
            #"{"committedAt":1795494008000,"epoch":3,"floor":9,"format":"nightshift-checkpoints","kind":"prune","#
            + #""lineage":"recommender-2026-11-24","previous":"\#(Self.digest)","sequence":17,"version":1}"#
        #expect(try record(.prune(floor: 9)).bytes().starts(with: prune.utf8))
    }

    @Test func `no single flipped bit and no shortening goes unnoticed`() throws {
        let bytes = try generation().bytes()
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 1 << UInt8(index % 8)
            #expect(throws: RecordUnreadable.self) { try read(flipped) }
            #expect(throws: RecordUnreadable.self) { try read(Array(bytes[..<index])) }
        }
        #expect(throws: RecordUnreadable.self) { try read(bytes + [10]) }
    }

    @Test func `a record of another place or lineage is refused`() throws {
        let bytes = try generation().bytes()
        #expect(throws: RecordUnreadable.damaged("it is record 17 under another's name")) {
            try LogRecord(bytes: bytes, lineage: "recommender-2026-11-24", sequence: 18)
        }
        #expect(throws: RecordUnreadable.damaged("it belongs to the lineage recommender-2026-11-24")) {
            try LogRecord(bytes: bytes, lineage: "other", sequence: 17)
        }
    }

    /// Each is a whole, correctly digested record with one promise changed.
    @Test(arguments: [
        (#""bytes":3"#, #""bytes":9223372036854775807"#), (#""bytes":3"#, #""bytes":-1"#),
        (#""bytes":3"#, #""bytes":99999999999999999999999"#), (#""bytes":3"#, #""bytes":8388609"#),
        (#""bytes":3"#, #""bytes":0"#), (#""pieceBytes":8388608"#, #""pieceBytes":0"#),
        (#""pieceBytes":8388608"#, #""pieceBytes":8388609"#), (#""path":"model/weights.bin""#, #""path":"../x""#),
        (#""path":"model/weights.bin""#, #""path":"/etc/passwd""#),
        (#""path":"model/weights.bin""#, #""path":"a\u0000b""#),
        (#""path":"model/weights.bin""#, #""path":"""#), (#""epoch":3"#, #""epoch":-3"#),
        (#""progress":0.375"#, #""progress":1e999"#), (#""kind":"generation""#, #""kind":"dance""#),
        (#""number":12,"#, ""), (#""pieces":["ba78"#, #""pieces":["BA78"#), (#""version":1"#, #""version":"1""#),
        (
            #""files":[{"#,
            #""files":[{"bytes":0,"executable":false,"path":"Model/weights.bin","pieces":[],"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},{"#
        ),
    ])
    func `a forged promise is refused`(promise: String, lie: String) throws {
        let text = String(decoding: try generation().bytes(), as: UTF8.self)
        let body = try #require(text.split(separator: "\n").first).replacing(promise, with: lie)
        #expect(!text.hasPrefix(body))
        #expect(throws: RecordUnreadable.self) { try read(sealed(body)) }
    }

    @Test func `a later version is told apart from damage`() throws {
        let text = String(decoding: try record(.claim).bytes(), as: UTF8.self)
        let body = try #require(text.split(separator: "\n").first).replacing(#""version":1"#, with: #""version":2"#)
        #expect(throws: RecordUnreadable.newer(version: 2)) { try read(sealed(body)) }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a million nested brackets are refused, not followed`() throws {
        let body = String(repeating: "[", count: 1_000_000)
        #expect(throws: RecordUnreadable.self) { try read(sealed(body)) }
    }

    private func read(_ bytes: [UInt8]) throws -> LogRecord {
        try LogRecord(bytes: bytes, lineage: "recommender-2026-11-24", sequence: 17)
    }

    private func sealed(_ body: some StringProtocol) -> [UInt8] {
        Array((String(body) + "\nsha256:\(SHA256.hex(of: Array(body.utf8)))\n").utf8)
    }
}
