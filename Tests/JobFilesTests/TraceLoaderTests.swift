// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import SpotMarket
import Testing

@Suite final class TraceLoaderTests {
    private let directory = NSTemporaryDirectory() + "traces-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: directory) }  // What is left lies in the temporary directory.

    private func file(_ name: String, _ text: String) throws -> String {
        let path = directory + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private func problems(_ path: String, window: String? = nil) -> [String] {
        var loader = TraceLoader()
        do {
            _ = try loader.trace(path, window: window)
            return []
        } catch {
            return error.problems.map { $0.replacing(directory + "/", with: "") }
        }
    }

    @Test func `both published forms are told apart by what is in them`() throws {
        var loader = TraceLoader()
        let json = try file("a", #"{"metadata": {"gap_seconds": 60}, "data": [0, 2, 1]}"#)
        let text = try file("b", "one 600 0110\ntwo 600 1\n")
        let gang = try loader.trace(json, nodes: 2)
        #expect((0..<3).map { gang[$0] } == [false, true, false])
        let window = try loader.trace(text, window: "one")
        #expect((0..<4).map { window[$0] } == [false, true, true, false] && window.gapMilliseconds == 600_000)
        #expect(loader.warning == nil)
    }

    @Test func `a mark of UTF-8 at the begin is passed over in both forms`() throws {
        var loader = TraceLoader()
        let json = try file("a", "\u{FEFF}" + #"{"metadata": {"gap_seconds": 60}, "data": [0, 2, 1]}"#)
        #expect(try loader.trace(json).count == 3)
        #expect(try loader.trace(try file("b", "\u{FEFF}one 600 0110\n"), window: "one").count == 4)
    }

    @Test func `files of zeros and ones that do not say their sense are asked about in one line`() throws {
        var loader = TraceLoader()
        for name in ["a", "b", "c"] {
            _ = try loader.trace(try file(name, #"{"metadata": {"gap_seconds": 60}, "data": [0, 1]}"#))
        }
        let warning = try #require(loader.warning)
        #expect(warning.contains("/a: has only 0 and 1") && warning.hasSuffix("; 2 more files are so"))
        #expect(warning.contains("\"available_when\""))
    }

    @Test func `what cannot be read is told with a remedy`() throws {
        #expect(problems(directory + "/none") == ["none: is not there; look for a slip in its name"])
        #expect(
            problems(try file("cut", #"{"metadata": {"gap_seconds": 60}, "data": [0, 1"#)) == [
                "cut: is cut off: JSON ends with }; fetch it again"
            ])
        #expect(
            problems(try file("odd", #"{"metadata": 3}"#))[0].hasPrefix(
                "odd: metadata: is of another kind than a trace has there; "))
        #expect(problems(try file("empty", ""))[0].hasPrefix("empty: is empty"))
        #expect(
            problems(try file("json", #"{"metadata": {"gap_seconds": 60}, "data": [2]}"#), window: "w") == [
                "json: is JSON and has no windows; leave out \"w\""
            ])
    }
}
