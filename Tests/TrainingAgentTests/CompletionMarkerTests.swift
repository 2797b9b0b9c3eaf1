// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import Testing
import TrainingJobs

@testable import TrainingAgent

/// The marker's contract: `docs/checkpoint-files.md`.
@Suite struct CompletionMarkerTests {
    let scratch: Scratch
    private static let digest = String(repeating: "ab", count: 32)

    init() throws { scratch = try Scratch() }

    private func found() -> (label: String?, remarks: [String]) {
        var scanner = CheckpointScanner(directory: scratch.path, settleTime: .seconds(5))
        let label = scanner.scan(at: Instant(milliseconds: 0)) { [] }?.label
        return (label, scanner.takeRemarks())
    }

    private func whole(_ step: Int, name: String? = nil) throws {
        let name = name ?? "checkpoint-" + String(repeating: "0", count: max(0, 8 - String(step).count)) + String(step)
        try scratch.write("data", to: name + "/w")
        try marker(in: name, step: step, files: #"[{"path":"w","bytes":4,"sha256":"\#(Self.digest)"}]"#)
    }

    private func marker(in name: String, step: Int, files: String) throws {
        try scratch.write(
            #"{"format":"nightshift-checkpoint","version":1,"step":\#(step),"files":\#(files),"more":[1]}"#,
            to: name + "/.complete")
    }

    @Test func `the highest step that is whole is the candidate`() throws {
        try whole(9)
        try whole(100)
        try whole(123_456_789)
        #expect(found().label == "checkpoint-123456789")
        try scratch.write("longer than it was", to: "checkpoint-123456789/w")
        let (label, remarks) = found()
        #expect(label == "checkpoint-00000100")
        #expect(remarks == [#"checkpoint-123456789 is passed over: "w" is not there with 4 bytes"#])
    }

    @Test(arguments: [
        ("nothing", "[]"), ("outside", #"[{"path":"../w","bytes":4,"sha256":"D"}]"#),
        ("absolute", #"[{"path":"/etc/passwd","bytes":4,"sha256":"D"}]"#),
        ("dots inside", #"[{"path":"a/../../b","bytes":4,"sha256":"D"}]"#),
        ("dot", #"[{"path":"./w","bytes":4,"sha256":"D"}]"#),
        ("empty part", #"[{"path":"a//w","bytes":4,"sha256":"D"}]"#),
        ("empty", #"[{"path":"","bytes":4,"sha256":"D"}]"#), ("NUL", #"[{"path":"w\u0000","bytes":4,"sha256":"D"}]"#),
        ("twice", #"[{"path":"w","bytes":4,"sha256":"D"},{"path":"w","bytes":4,"sha256":"D"}]"#),
        ("out of order", #"[{"path":"w","bytes":4,"sha256":"D"},{"path":"v","bytes":4,"sha256":"D"}]"#),
        ("itself", #"[{"path":".complete","bytes":4,"sha256":"D"}]"#),
        ("missing file", #"[{"path":"x","bytes":4,"sha256":"D"}]"#),
        ("link", #"[{"path":"link","bytes":4,"sha256":"D"}]"#),
        ("pipe", #"[{"path":"pipe","bytes":0,"sha256":"D"}]"#),
        ("directory", #"[{"path":"folder","bytes":4096,"sha256":"D"}]"#),
        ("size", #"[{"path":"w","bytes":5,"sha256":"D"}]"#), ("negative", #"[{"path":"w","bytes":-1,"sha256":"D"}]"#),
        ("giant", #"[{"path":"w","bytes":9223372036854775807,"sha256":"D"}]"#),
        ("beyond", #"[{"path":"w","bytes":92233720368547758070,"sha256":"D"}]"#),
        ("fraction", #"[{"path":"w","bytes":4.5,"sha256":"D"}]"#), ("no digest", #"[{"path":"w","bytes":4}]"#),
        ("short digest", #"[{"path":"w","bytes":4,"sha256":"abcd"}]"#),
        ("upper case", #"[{"path":"w","bytes":4,"sha256":"U"}]"#),
        ("not a list", #"{"path":"w"}"#), ("torn", #"[{"path":"w","by"#),
    ])
    func `a marker that breaks a rule makes its checkpoint torn`(what: String, files: String) throws {
        try whole(1)
        try scratch.write("data", to: "checkpoint-00000002/w")
        try scratch.write("data", to: "checkpoint-00000002/v")
        try scratch.directory("checkpoint-00000002/folder")
        symlink(scratch.path + "/checkpoint-00000002/w", scratch.path + "/checkpoint-00000002/link")
        mkfifo(scratch.path + "/checkpoint-00000002/pipe", 0o600)
        let listed = files.replacing("\"D\"", with: "\"\(Self.digest)\"").replacing(
            "\"U\"", with: "\"\(Self.digest.uppercased())\"")
        try marker(in: "checkpoint-00000002", step: 2, files: listed)
        let (label, remarks) = found()
        #expect(label == "checkpoint-00000001")
        #expect(remarks.count == 1)
    }

    @Test(arguments: [
        #"{"format":"other","version":1,"step":2,"files":[]}"#,
        #"{"format":"nightshift-checkpoint","version":2,"step":2,"files":[]}"#,
        "", "null", "[", String(repeating: "[", count: 100_000), String(repeating: " ", count: 5 << 20),
    ])
    func `another document is no marker`(text: String) throws {
        try whole(1)
        try scratch.write(text, to: "checkpoint-00000002/.complete")
        #expect(found().label == "checkpoint-00000001")
    }

    @Test func `a marker for another step, a link and a pipe in its place are no marker`() throws {
        try whole(1)
        try whole(3, name: "checkpoint-00000002")
        try scratch.directory("checkpoint-00000004")
        try whole(4, name: "elsewhere")
        try scratch.write("data", to: "checkpoint-00000004/w")
        symlink("../elsewhere/.complete", scratch.path + "/checkpoint-00000004/.complete")
        try scratch.directory("checkpoint-00000005")
        mkfifo(scratch.path + "/checkpoint-00000005/.complete", 0o600)
        symlink("checkpoint-00000001", scratch.path + "/checkpoint-00000006")
        #expect(found().label == "checkpoint-00000001")
    }

    @Test(arguments: [
        "checkpoint-12", "checkpoint-000000012", "checkpoint-+0000012", "checkpoint-", "Checkpoint-00000012",
        "checkpoint-0000001२", "checkpoint-99999999999999999999", "checkpoint-00000012 ",
        ".checkpoint-00000012.writing-7",
    ])
    func `another spelling of the name is no checkpoint`(name: String) throws {
        #expect(CompletionMarker.step(inName: name) == nil)
        try whole(12, name: name)
        #expect(found().label == nil)
    }

    @Test func `a file reached through a linked directory is refused by the store and rejected`() async throws {
        try whole(1)
        try scratch.write("data", to: "elsewhere/w")
        try scratch.directory("checkpoint-00000002")
        symlink(scratch.path + "/elsewhere", scratch.path + "/checkpoint-00000002/sub")
        try marker(
            in: "checkpoint-00000002", step: 2, files: #"[{"path":"sub/w","bytes":4,"sha256":"\#(Self.digest)"}]"#)
        var scanner = CheckpointScanner(directory: scratch.path, settleTime: .seconds(5))
        let found = scanner.scan(at: Instant(milliseconds: 0)) { [] }
        let candidate = try #require(found)
        let lineage = try #require(Lineage("night", in: MemoryObjectStore()))
        let claim = try await lineage.claim(epoch: 1, at: 0)
        await #expect(throws: CommitError.self) {
            _ = try await lineage.commit(
                candidate.files.map { SourceFile(path: $0.path, expected: nil) }, from: scratch.path, under: claim,
                progress: 0, label: nil, at: 0)
        }
        scanner.reject(candidate)
        #expect(scanner.scan(at: Instant(milliseconds: 1)) { [] }?.label == "checkpoint-00000001")
    }
}
