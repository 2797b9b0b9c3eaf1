// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing

@testable import DrillRunner

/// Changes of a watched directory, kept in order.
private final class Witness: Sendable {
    private let changes = Mutex<[CheckpointWatch.Change]>([])
    private let news = DispatchSemaphore(value: 0)

    func keep(_ new: [CheckpointWatch.Change]) {
        changes.withLock { $0 += new }
        news.signal()
    }

    /// All that has been told once something that is looked for is among it. Waits for it, but not for ever.
    func changes(until isThere: ([CheckpointWatch.Change]) -> Bool) -> [CheckpointWatch.Change]? {
        while true {
            let now = changes.withLock { $0 }
            if isThere(now) { return now }
            guard news.wait(timeout: .now() + 30) == .success else { return nil }
        }
    }
}

@Suite(.serialized) struct CheckpointWatchTests {
    private let directory: TemporaryDirectory
    private let witness = Witness()

    init() throws { directory = try TemporaryDirectory() }

    /// What is told while something is done: a file that is written last of all says that all has been told.
    private func told(_ act: () throws -> Void) throws -> [CheckpointWatch.Change] {
        let watch = try CheckpointWatch(directory: directory.path) { [witness] changes, _ in witness.keep(changes) }
        defer { watch.stop() }
        try act()
        try write("last", over: "the-last")
        let changes = try #require(witness.changes { $0.contains { $0.path == "the-last" && $0.kind == .closed } })
        return changes.filter { $0.path != "the-last" }
    }

    /// Without a rename, as a script does that writes under the final name.
    private func write(_ text: String, over name: String) throws {
        let file = try #require(fopen(directory(name), "w"))
        fputs(text, file)
        fclose(file)
    }

    private func told(_ kind: CheckpointWatch.Change.Kind, _ path: String, directory: Bool = false)
        -> CheckpointWatch.Change
    {
        CheckpointWatch.Change(kind: kind, path: path, isDirectory: directory)
    }

    @Test("a file is told as it is begun, written and closed")
    func file() throws {
        let changes = try told { try write("weights", over: "a.pt") }
        #expect(changes == [told(.created, "a.pt"), told(.written, "a.pt"), told(.closed, "a.pt")])
    }

    @Test("an existing file that is overwritten is told as written, not as new")
    func overwritten() throws {
        try write("old", over: "a.pt")
        let changes = try told { try write("new", over: "a.pt") }
        #expect(!changes.contains { $0.kind == .created })
        #expect(changes.contains(told(.written, "a.pt")))
    }

    @Test("a rename is told at both ends")
    func rename() throws {
        let changes = try told {
            try write("weights", over: "a.tmp")
            try directory.rename("a.tmp", to: "a.pt")
        }
        #expect(changes.suffix(2) == [told(.movedAway, "a.tmp"), told(.movedHere, "a.pt")])
    }

    @Test("a removal is told")
    func removal() throws {
        try write("old", over: "a.pt")
        #expect(try told { try directory.remove("a.pt") } == [told(.removed, "a.pt")])
    }

    @Test("directories that come up later are watched, however deep")
    func nested() throws {
        let changes = try told {
            for step in 0..<20 {
                try directory.makeDirectory("step-\(step)/part/deeper")
                try write("weights", over: "step-\(step)/part/deeper/a.pt")
            }
        }
        for step in 0..<20 {
            let path = "step-\(step)/part/deeper/a.pt"
            #expect(changes.contains { $0.path == path && !$0.isDirectory })
            #expect(changes.contains(told(.created, "step-\(step)", directory: true)))
        }
    }

    @Test("what a directory of a rename holds came whole, and is told under its new name from then on")
    func directoryRenamed() throws {
        try directory.makeDirectory("tmp/part")
        try write("weights", over: "tmp/part/a.pt")
        let changes = try told {
            try directory.rename("tmp", to: "step-1")
            try write("more", over: "step-1/part/b.pt")
        }
        #expect(
            changes.prefix(2) == [
                told(.movedAway, "tmp", directory: true), told(.movedHere, "step-1", directory: true),
            ])
        #expect(!changes.contains { $0.path.hasSuffix("a.pt") })
        #expect(changes.contains(told(.closed, "step-1/part/b.pt")))
        #expect(!changes.contains { $0.path.hasPrefix("tmp/") })
    }

    @Test("a checkpoint that is written aside and renamed as a directory is never torn")
    func writtenAside() throws {
        var torn = TornWrite(whole: [])
        torn.follow(
            try told {
                try directory.makeDirectory("tmp")
                try write("weights", over: "tmp/a.pt")
                try directory.rename("tmp", to: "step-1")
            })
        #expect(torn.path == nil)
    }

    @Test("many files in one go are all told, in order")
    func manyFiles() throws {
        let changes = try told { for number in 0..<2000 { try write("x", over: "f\(number)") } }
        #expect(changes.filter { $0.kind == .created }.map(\.path) == (0..<2000).map { "f\($0)" })
        #expect(changes.filter { $0.kind == .closed }.count == 2000)
    }

    @Test("a directory that is not there cannot be watched")
    func absent() {
        #expect(throws: CocoaError.self) { try CheckpointWatch(directory: directory("absent")) { _, _ in } }
    }

    @Test("regular files are listed by path, with the word which are empty; links are not")
    func files() throws {
        try write("x", over: "b")
        try directory.makeDirectory("a/deep")
        try write("x", over: "a/deep/z")
        try write("", over: "empty")
        try FileManager.default.createSymbolicLink(atPath: directory("link"), withDestinationPath: directory("b"))
        try FileManager.default.createSymbolicLink(atPath: directory("loop"), withDestinationPath: directory.path)
        let files = SaveInterrupter.files(below: directory.path)
        #expect(files.map(\.path) == ["a/deep/z", "b", "empty"])
        #expect(files.map(\.isEmpty) == [false, false, true])
        #expect(SaveInterrupter.files(below: directory("absent")).isEmpty)
    }
}
