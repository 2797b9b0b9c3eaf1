// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The text of a job file cut into lines exactly where YAML cuts them, so that a place means the same to the parser
/// and to the one who prints the line.
struct SourceLines: Hashable, Sendable {
    let lines: [String]

    init(_ text: String) {
        let breaks: Set<Character> = ["\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
        var text = Substring(text)
        if text.unicodeScalars.first == "\u{FEFF}" { text = Substring(text.unicodeScalars.dropFirst()) }
        lines = text.split(omittingEmptySubsequences: false) { breaks.contains($0) }.map(String.init)
    }

    /// The same lines with one sort of line break and without a byte order mark.
    var text: String { lines.joined(separator: "\n") }

    /// The line to show under a problem; `nil` when it is not in the file or may hold a secret.
    subscript(line: Int) -> String? {
        guard lines.indices.contains(line - 1) else { return nil }
        let text = lines[line - 1]
        return SecretNames.occur(in: text) ? nil : text
    }
}
