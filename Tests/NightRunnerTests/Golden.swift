// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Expected text kept in files. `RECORD_GOLDEN=1 swift test --filter NightRunnerTests` rewrites them; a changed one is
/// committed only when the change is understood.
enum Golden {
    static let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1"
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func expect(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = directory.appending(path: name)
        if isRecording { return try Data(text.utf8).write(to: file) }
        let expected = try String(contentsOf: file, encoding: .utf8)
        guard text != expected else { return }
        let (actual, wanted) = (lines(text), lines(expected))
        let index = zip(actual, wanted).prefix { $0 == $1 }.count
        let difference = """
            \(name) differs from line \(index + 1) on:
            - \(index < wanted.count ? wanted[index] : "(end)")
            + \(index < actual.count ? actual[index] : "(end)")
            """
        Issue.record(Comment(rawValue: difference), sourceLocation: sourceLocation)
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
