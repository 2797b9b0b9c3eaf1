// SPDX-License-Identifier: Apache-2.0

/// One thing a person can put right in a job file: where it is, what is wrong, and what would be right.
package struct JobProblem: Hashable, Sendable, CustomStringConvertible {
    package enum Severity: String, Hashable, Sendable {
        /// The file is not used.
        case error
        /// The file is used; somebody should look.
        case warning
    }

    /// The path as it was given, for printing.
    package var file: String
    package var place: JobPlace
    /// `schedule.deadline`, `offers[0].zones[1]`; empty for the file as a whole.
    package var key: String
    package var complaint: JobComplaint
    /// The line of the file; `nil` when there is none or it may hold a secret.
    package var sourceLine: String?

    package var line: Int { place.line }
    package var column: Int { place.column }
    package var severity: Severity { complaint.isWarning ? .warning : .error }

    /// `nightshift.yaml:12:3: schedule.deadline: "8 o'clock" is not a time of day; write it as "08:00"`, then the line
    /// of the file with a caret below the place.
    package var description: String {
        var text = "\(file):\(line):\(column): "
        if severity == .warning { text += "warning: " }
        if !key.isEmpty { text += "\(key): " }
        text += "\(what); \(remedy)"
        if let why { text += "\n  because \(why)" }
        guard let sourceLine, let snippet = Self.snippet(sourceLine, column: column) else { return text }
        return text + "\n" + snippet
    }

    /// The line, cut to the width of a terminal around the column, and a caret; control characters are made visible.
    private static func snippet(_ line: String, column: Int) -> String? {
        var scalars = line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        var caret = min(max(0, column - 1), scalars.count)
        guard scalars.contains(where: { $0 != " " }) else { return nil }
        if caret > 90 {
            let cut = caret - 60
            scalars = ["…"] + scalars.dropFirst(cut)
            caret -= cut - 1
        }
        if scalars.count > 110 { scalars = scalars.prefix(109) + ["…"] }
        return "  \(String(scalars))\n  \(String(repeating: " ", count: caret))^"
    }

    /// A problem before the file and its lines are known.
    struct Draft: Hashable, Sendable {
        var place: JobPlace
        var key: String
        var complaint: JobComplaint
    }

    init(_ draft: Draft, file: String, lines: SourceLines) {
        self.file = file
        place = draft.place
        key = draft.key
        complaint = draft.complaint
        // The line where a group begins shows nothing about a key that is not in it.
        if case .missingKey = draft.complaint { sourceLine = nil } else { sourceLine = lines[draft.place.line] }
    }
}

/// A job file that can't be used, with everything that is wrong with it, warnings too, in the order of the file.
package struct JobFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [JobProblem]

    package var description: String {
        let errors = problems.count { $0.severity == .error }
        let first = problems.first?.file ?? "the job file"
        return problems.map(\.description).joined(separator: "\n") + "\n"
            + "\(first): \(errors) \(errors == 1 ? "error" : "errors"), nothing was started"
    }
}
