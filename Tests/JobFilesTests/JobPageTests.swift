// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import JobFiles

/// The page about the job file says what the program does.
@Suite struct JobPageTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/job-file.md").standardizedFileURL
    private static let begin = "<!-- keys: made from the table in Sources/JobFiles/JobKeys.swift -->\n"
    private static let end = "<!-- end of keys -->"

    /// `RECORD_SNAPSHOTS=1 swift test` writes it anew.
    @Test func `its table of keys is the program's`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let begin = try #require(text.range(of: Self.begin))
        let end = try #require(text.range(of: Self.end))
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            let fresh = text[..<begin.upperBound] + JobKeys.markdown() + text[end.lowerBound...]
            try Data(fresh.utf8).write(to: Self.page)
            return
        }
        #expect(String(text[begin.upperBound..<end.lowerBound]) == JobKeys.markdown())
    }

    @Test func `its example is a good job`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let parts = text.components(separatedBy: "```yaml\n")
        let example = try #require(parts.dropFirst().first?.components(separatedBy: "```").first)
        #expect(try JobFile.parse(text: example, path: "/j/nightshift.yaml").warnings.isEmpty)
    }

    @Test func `the error it shows is the one that is printed`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let problem = try #require(
            Samples.problems(Samples.whole("  deadline", "  deadline: \"8 o'clock\"")).first)
        #expect(text.contains(problem.description))
    }
}
