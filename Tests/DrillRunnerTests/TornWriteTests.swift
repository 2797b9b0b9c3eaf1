// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DrillRunner

@Suite struct TornWriteTests {
    private typealias Change = CheckpointWatch.Change

    private func file(_ kind: Change.Kind, _ path: String) -> Change {
        Change(kind: kind, path: path, isDirectory: false)
    }

    private func directory(_ kind: Change.Kind, _ path: String) -> Change {
        Change(kind: kind, path: path, isDirectory: true)
    }

    private func torn(_ changes: Change..., whole: Set<String> = []) -> TornWrite {
        var write = TornWrite(whole: whole)
        write.follow(changes)
        return write
    }

    @Test("a file that was begun, written or closed under its name can be torn", arguments: [0, 1, 2])
    func written(steps: Int) {
        var write = TornWrite(whole: [])
        write.follow([file(.created, "a.pt")])
        if steps > 0 { write.follow([file(.written, "a.pt")]) }
        if steps > 1 { write.follow([file(.closed, "a.pt")]) }
        #expect(write.path == "a.pt")
        #expect(!write.replacesWholeFile)
    }

    @Test("nothing that was written is torn before anything was")
    func nothing() {
        #expect(torn().path == nil)
        #expect(torn(directory(.created, "new")).path == nil)
        #expect(torn(file(.removed, "old")).path == nil)
        #expect(!torn(whole: ["a.pt"]).replacesWholeFile)
    }

    @Test("a file that is renamed when it is written is whole")
    func renamed() {
        let write = torn(
            file(.created, "a.tmp"), file(.written, "a.tmp"), file(.closed, "a.tmp"), file(.movedAway, "a.tmp"),
            file(.movedHere, "a.pt"), whole: ["a.pt"])
        #expect(write.path == nil)
    }

    @Test("a rename of another file changes nothing")
    func otherRenamed() {
        #expect(torn(file(.written, "a.pt"), file(.movedAway, "b.tmp"), file(.movedHere, "b.pt")).path == "a.pt")
        #expect(torn(file(.written, "a.pt"), directory(.movedAway, "a"), directory(.movedHere, "b")).path == "a.pt")
    }

    @Test("a file that comes by a rename in place of a torn one is whole")
    func renamedOver() {
        #expect(torn(file(.written, "a.pt"), file(.movedHere, "a.pt")).path == nil)
    }

    @Test("a rename of the directory that it lies in makes it whole too")
    func directoryRenamed() {
        #expect(
            torn(
                directory(.created, "tmp"), file(.created, "tmp/part/a.pt"), file(.closed, "tmp/part/a.pt"),
                directory(.movedAway, "tmp"), directory(.movedHere, "step-3")
            ).path == nil)
        #expect(torn(file(.closed, "tmp-2/a.pt"), directory(.movedAway, "tmp")).path == "tmp-2/a.pt")
    }

    @Test("a file that was removed cannot be torn, nor one in a removed directory")
    func removed() {
        #expect(torn(file(.written, "a.pt"), file(.removed, "a.pt")).path == nil)
        #expect(torn(file(.written, "a/b.pt"), directory(.removed, "a")).path == nil)
        #expect(torn(file(.written, "a.pt"), file(.removed, "b.pt")).path == "a.pt")
    }

    @Test("of several files the last one counts")
    func several() {
        #expect(torn(file(.closed, "a.pt"), file(.written, "b.pt"), file(.created, "c.pt")).path == "c.pt")
        #expect(torn(file(.closed, "a.pt"), file(.written, "b.pt"), file(.written, "a.pt")).path == "a.pt")
    }

    @Test("only a file that a whole checkpoint had is overwritten in place")
    func replaces() {
        #expect(torn(file(.written, "a.pt"), whole: ["a.pt", "b.pt"]).replacesWholeFile)
        #expect(!torn(file(.written, "c.pt"), whole: ["a.pt", "b.pt"]).replacesWholeFile)
        #expect(!torn(file(.written, "x/a.pt"), whole: ["a.pt"]).replacesWholeFile)
    }
}
