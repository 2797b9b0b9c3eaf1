// SPDX-License-Identifier: Apache-2.0
import Digests
import Testing

@testable import CheckpointStore

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func `the published digests come out`(text: String, hex: String) {
        #expect(SHA256.hex(of: Array(text.utf8)) == hex)
    }

    @Test func `feeding in parts is feeding at once`() {
        var generator = SplitMix64(seed: 1)
        let bytes = generator.bytes(1000)
        var hash = SHA256()
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(generator.below(100))
            hash.update(Array(part))
            rest = rest.dropFirst(part.count)
        }
        #expect(hash.finalize().hex == SHA256.hex(of: bytes))
    }

    @Test(arguments: ["", "ab", String(repeating: "A", count: 64), String(repeating: "g", count: 64)])
    func `only 64 lower-case digits are a digest`(text: String) {
        #expect(Digest(hex: text) == nil)
    }
}

@Suite struct TreeDigestTests {
    @Test func `equal trees have equal digests, whatever order they were written in`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(["a/b": [1], "a.c": [2], "z": []], to: "one")
        for (name, bytes) in [("z", [UInt8]()), ("a.c", [2]), ("a/b", [1])] {
            try directory.write(bytes, to: "two/" + name)
        }
        #expect(try TreeDigest.of(directory: directory("one")) == TreeDigest.of(directory: directory("two")))
    }

    @Test(arguments: [["a": [1]], ["b": [1, 2]], ["a": [1, 2], "b": []], ["a": [1, 3]], [:]] as [Tree])
    func `another content, name or number of files is another digest`(other: Tree) throws {
        let directory = try TemporaryDirectory()
        try directory.write(["a": [1, 2], "x/y": []], to: "one")
        try directory.write(other.merging(["x/y": []]) { $1 }, to: "two")
        #expect(try TreeDigest.of(directory: directory("one")) != TreeDigest.of(directory: directory("two")))
    }

    @Test func `the digest is that of the documented lines`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(["b": [], "a": Array("abc".utf8)], to: "one")
        let lines = "\(SHA256.hex(of: Array("abc".utf8))) 3 a\0\(SHA256.hex(of: [])) 0 b\0"
        #expect(try TreeDigest.of(directory: directory("one")) == SHA256.hex(of: Array(lines.utf8)))
    }
}
