// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension Tag {
    /// Starts real processes and waits on the real clock: runs apart from the fast tests.
    @Tag static var realProcesses: Self
}

/// Everything here runs one after the other: a night that shares its cores with ten others is late for no fault of its
/// own.
@Suite(.serialized, .tags(.realProcesses))
enum EndToEnd {}

/// The programs under test, beside the test bundle.
enum Binaries {
    static let directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    static let nightshift = directory.appending(path: "nightshift").path(percentEncoded: false)
    static let agent = directory.appending(path: "nightshift-agent").path(percentEncoded: false)
}

/// The repository's own files.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false).trimmedSlash
    static let fixtures = root + "/Tests/EndToEndTests/Fixtures"
    static let checkpointModule = root + "/Python/nightshift_checkpoint.py"
}

extension String {
    var trimmedSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}

/// Waits for something that must come about; a test that would wait longer has failed.
func eventually(
    _ what: Comment, within patience: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
    _ holds: () throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + patience
    while try !holds() {
        guard ContinuousClock.now < deadline else {
            Issue.record("\(what): not within \(patience)", sourceLocation: sourceLocation)
            throw GaveUp()
        }
        try await Task.sleep(for: .milliseconds(3))
    }
}

struct GaveUp: Error {}
