// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A study's nights as a CSV file lists them (`docs/simulate.md`): `trace,window,nodes,work_h,deadline_h,overhead_h,
/// start_tick`. Empty lines and those that begin with `#` are passed over; the columns may stand in any order, and others
/// beside them.
package struct StudyFile: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        /// `FILE:LINE`, for messages.
        package var place: String
        /// Paths, one for each zone.
        package var traces: [String]
        /// A line of each trace in the text form; empty for JSON.
        package var window: String
        package var nodes: Int
        /// Milliseconds.
        package var work, deadline, restartOverhead: Int64
        package var firstTick: Int
    }

    package struct Problems: Error, Hashable, CustomStringConvertible {
        package var problems: [String]

        package init(_ problems: [String]) { self.problems = problems }

        package var description: String { problems.joined(separator: "\n") }
    }

    package static let columns = ["trace", "window", "nodes", "work_h", "deadline_h", "overhead_h", "start_tick"]

    package let rows: [Row]

    /// Every problem of the file at once. `file` is how the problems name it.
    package init(_ text: String, file: String) throws(Problems) {
        var places: [String: Int]?
        var rows: [Row] = []
        var problems: [String] = []
        // Some editors begin a file of UTF-8 with a mark.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            guard !line.allSatisfy(\.isWhitespace), !line.hasPrefix("#") else { continue }
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map { Self.plain($0) }
            guard let known = places else {
                let missing = Self.columns.filter { !fields.contains($0) && $0 != "window" && $0 != "nodes" }
                guard missing.isEmpty else {
                    throw Problems(missing.map { Self.missing($0, among: fields, "\(file):\(index + 1)") })
                }
                places = Dictionary(zip(fields, fields.indices), uniquingKeysWith: { first, _ in first })
                continue
            }
            var reader = StudyRowReader(place: "\(file):\(index + 1)", fields: fields, columns: known)
            if let row = reader.row() { rows.append(row) }
            problems += reader.problems
        }
        if places == nil {
            problems.append("\(file): is empty; its first line is \(Self.columns.joined(separator: ","))")
        }
        if rows.isEmpty, problems.isEmpty { problems.append("\(file): lists no nights; write one a line") }
        guard problems.isEmpty else {
            let few = problems.prefix(20)
            let rest = problems.count > few.count ? ["\(file): \(problems.count - few.count) more problems"] : []
            throw Problems(few + rest)
        }
        self.rows = rows
    }

    private static func missing(_ column: String, among fields: [String], _ place: String) -> String {
        let near = NearestName.of(column, in: fields.filter { !columns.contains($0) })
        return "\(place): the column \(column) is missing" + (near.map { "; is \"\($0)\" meant to be it?" } ?? "")
            + "; the first line is \(columns.joined(separator: ","))"
    }

    private static func plain(_ field: Substring) -> String {
        var field = field.drop(while: \.isWhitespace)
        while field.last?.isWhitespace == true { field.removeLast() }
        if field.count >= 2, field.first == "\"", field.last == "\"" { field = field.dropFirst().dropLast() }
        return String(field)
    }
}

/// One line's fields, read key by key so that all of their problems are told.
private struct StudyRowReader {
    let place: String
    let fields: [String]
    let columns: [String: Int]
    var problems: [String] = []

    init(place: String, fields: [String], columns: [String: Int]) {
        self.place = place
        self.fields = fields
        self.columns = columns
    }

    mutating func row() -> StudyFile.Row? {
        if fields.count != columns.count {
            problems.append("\(place): has \(fields.count) fields, but the first line has \(columns.count)")
            return nil
        }
        let traces = text("trace").split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        if traces.contains("") { note("trace", "names no file; write a path, or several joined by +") }
        let nodes = text("nodes").isEmpty ? 1 : whole("nodes", from: 1)
        let work = hours("work_h", positive: true)
        let deadline = hours("deadline_h", positive: true)
        let overhead = hours("overhead_h", positive: false)
        let first = whole("start_tick", from: 0)
        guard problems.isEmpty, let nodes, let work, let deadline, let overhead, let first else { return nil }
        if work + overhead > deadline {
            note(
                "deadline_h",
                "even on-demand from the first tick cannot keep \(text("deadline_h")) h: work_h + overhead_h "
                    + "is more; move the deadline or correct the work")
            return nil
        }
        return StudyFile.Row(
            place: place, traces: traces, window: text("window"), nodes: nodes, work: work, deadline: deadline,
            restartOverhead: overhead, firstTick: first)
    }

    private func text(_ column: String) -> String { columns[column].map { fields[$0] } ?? "" }

    private mutating func note(_ column: String, _ what: String) { problems.append("\(place): \(column): \(what)") }

    private mutating func whole(_ column: String, from least: Int) -> Int? {
        guard let value = Int(text(column)), value >= least, value < 1 << 31 else {
            note(column, "must be a whole number from \(least) on, not \"\(text(column))\"")
            return nil
        }
        return value
    }

    /// Up to a year, in milliseconds.
    private mutating func hours(_ column: String, positive: Bool) -> Int64? {
        guard let value = Double(text(column)), value.isFinite, positive ? value > 0 : value >= 0, value <= 8784 else {
            note(
                column,
                "must be hours \(positive ? "above" : "from") 0\(positive ? "" : " on"), up to a year, not \"\(text(column))\""
            )
            return nil
        }
        let milliseconds = Int64((value * 3_600_000).rounded())
        if positive, milliseconds == 0 {
            note(column, "is less than a millisecond")
            return nil
        }
        return milliseconds
    }
}
