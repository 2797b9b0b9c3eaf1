// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ControlPlane

@Suite struct AWSChunkedDecoderTests {
    private static func decode(_ text: String, inPiecesOf size: Int) throws -> (payload: String, AWSChunkedDecoder) {
        var decoder = AWSChunkedDecoder()
        var payload: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            try Array(rest.prefix(size)).withUnsafeBytes { try decoder.feed($0) { payload += $0 } }
            rest = rest.dropFirst(size)
        }
        return (String(decoding: payload, as: UTF8.self), decoder)
    }

    @Test("Wherever the bytes are cut, the payload and the trailers are the same", arguments: 1...80)
    func anyPieces(size: Int) throws {
        let text =
            "5\r\nhello\r\nA;chunk-signature=00ff\r\n\r\n0\r\n1\r\n:)\r\n0\r\nX-Amz-Checksum-CRC32: abc\r\nother:1\r\n\r\n"
        let (payload, decoder) = try Self.decode(text, inPiecesOf: size)
        #expect(payload == "hello\r\n0\r\n1\r\n:)")
        #expect(decoder.isDone)
        #expect(decoder.trailers == ["x-amz-checksum-crc32": "abc", "other": "1"])
    }

    @Test(
        "What is no frame is refused, at the latest at its end",
        arguments: [
            "x\r\n", "-1\r\n", "\r\n", "1234567890123456\r\n", "1\r\nab\r\n", "0\r\nno field\r\n",
            "0\r\n\r\nmore", String(repeating: "0", count: 5000), "+5\r\nhello\r\n",
            "0\r\n" + String(repeating: "a:b\r\n", count: 100),
        ])
    func refused(text: String) {
        #expect(throws: S3Error.self) { try Self.decode(text, inPiecesOf: 7) }
    }

    @Test(
        "A body that ends early is not done",
        arguments: ["", "5", "5\r\nhel", "5\r\nhello\r\n", "0\r\n", "0\r\na:b\r\n"])
    func unfinished(text: String) throws {
        #expect(try !Self.decode(text, inPiecesOf: 100).1.isDone)
    }
}
