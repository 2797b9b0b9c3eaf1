// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CheckpointStore

@Suite struct NameTests {
    @Test(arguments: [
        "", "/", "/etc/passwd", "..", "a/../b", "a/../../b", "./a", "a/.", "a//b", "a/", "a\u{0}b", "a\nb", "\u{1b}[2J",
        "a/" + String(repeating: "x", count: 256), Array(repeating: "d", count: 33).joined(separator: "/"),
        String(repeating: "long/", count: 205) + "x",
    ])
    func `a path that could lead outside or mislead is refused`(path: String) {
        #expect(throws: PathRefused.self) { try TreePath(path) }
    }

    @Test(arguments: ["a", "checkpoint-12/model.safetensors", "..a", "a..", "größe/模型.bin", ".hidden"])
    func `an ordinary path is taken`(path: String) throws {
        #expect(try TreePath(path).components.joined(separator: "/") == path)
    }

    @Test(arguments: [
        ["a", "a"], ["Model.bin", "model.BIN"], ["a", "a/b"], ["A", "a/b"], ["D/a", "d/b"], ["e\u{301}", "\u{e9}"],
    ])
    func `paths that cannot stand side by side everywhere are refused`(paths: [String]) throws {
        let paths = try paths.map { try TreePath($0) }
        #expect(throws: PathRefused.self) { try TreePath.refuseConflicts(paths) }
        #expect(throws: PathRefused.self) { try TreePath.refuseConflicts(paths.reversed()) }
    }

    @Test(arguments: [
        "", "/a", "a/", "a//b", ".", "..", "a/../b", ".tmp-1", "a/.tmp-1", "a b", "a\nb", "ä", "a\\b", "a?b",
        String(repeating: "x", count: 129), Array(repeating: "d", count: 300).joined(separator: "/"),
    ])
    func `a key outside the one pattern is no key`(text: String) {
        #expect(ObjectKey(text) == nil)
    }

    @Test func `a prefix is whole components`() throws {
        let log = try #require(ObjectKey("n/log"))
        #expect(ObjectKey("n/log/1")?.isBelow(log) == true)
        #expect(ObjectKey("n/logs/1")?.isBelow(log) == false)
        #expect(log.isBelow(log) == false)
    }
}
