// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Problems that a person can fix in a usage file, each with file, line and column.
package struct UsageProblems: Error, Hashable, CustomStringConvertible {
    package let problems: [String]

    package init(_ problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "\n") }
}

/// Reads what else an account uses, from a profile (24 or 168 numbers, or `hour,usd`) or from an hourly export (CUR 2.0
/// or FOCUS). Bytes are handed over in pieces of any size; only sums an hour are kept.
package struct UsageReader {
    /// Rows of an export by what became of them.
    package struct Rows: Hashable, Sendable {
        package var counted = 0
        package var spot = 0
        package var covered = 0
        package var ownNights = 0
        package var other = 0
        /// Credits for more than one hour, which say of no hour that it was not used.
        package var corrections = 0
    }

    private static let mostProblems = 20
    /// Of hours between an export's first and last: more is a slip in a date.
    private static let mostHours = 24 * 800
    /// A week has every day of the week once; of less, a day's habit would stand for all.
    package static let leastDays = 7

    private enum Form {
        case unknown, profile(UsageProfile), export(UsageColumns), hopeless
    }

    package private(set) var rows = Rows()
    private let file: String
    private let scope: UsageScope
    private var csv = UsageCSV()
    private var form = Form.unknown
    private var problems: [String] = []
    private var problemCount = 0
    /// By hour since 1970, in millionths of a micro-dollar; zero for an hour of which only other rows speak.
    private var sums: [Int: Int128] = [:]

    /// `file` is how problems name it; `scope` says what counts.
    package init(file: String, for scope: UsageScope) {
        self.file = file
        self.scope = scope
    }

    package mutating func read(_ bytes: some Sequence<UInt8>) {
        var records: [[UsageCSV.Field]] = []
        csv.read(bytes) { records.append($0) }
        for record in records { take(record) }
    }

    /// Every problem of the file at once, the first twenty in words.
    package mutating func finish() throws(UsageProblems) -> UsageHours {
        var records: [[UsageCSV.Field]] = []
        if let place = csv.finish({ records.append($0) }) {
            complain(
                "\(file):\(place.line):\(place.column): a quote is opened here and never closed: the file is cut off; export it again"
            )
        }
        for record in records { take(record) }
        let hours = hours()
        guard problems.isEmpty, let hours else {
            let more = problemCount - problems.count
            throw UsageProblems(problems + (more > 0 ? ["\(file): \(more) more problems"] : []))
        }
        return hours
    }

    private mutating func hours() -> UsageHours? {
        switch form {
        case .unknown: complain("\(file): is empty; \(UsageProfile.advice)")
        case .hopeless: break
        case .profile(var profile):
            let hours = profile.finish(file: file)
            for problem in profile.problems { complain(problem) }
            return hours
        case .export:
            guard let first = sums.keys.min(), let last = sums.keys.max() else {
                if problems.isEmpty { complain("\(file): has a header and no rows") }
                return nil
            }
            guard last - first < Self.mostHours else {
                complain("\(file): its rows are \((last - first) / 24) days apart; export at most two years")
                return nil
            }
            // Whole days, UTC: a bill leaves out hours without usage, and a night belongs to every day.
            let days = Self.day(first)...Self.day(last)
            guard days.count >= Self.leastDays else {
                complain(
                    "\(file): its rows are of \(days.count) day\(days.count == 1 ? "" : "s"); a commitment is for a year at "
                        + "least, so export \(Self.leastDays) days or more")
                return nil
            }
            return UsageHours(
                clock: .utc, firstHour: 0,
                hours: (days.lowerBound * 24..<(days.upperBound + 1) * 24).map {
                    Int64((max(0, sums[$0] ?? 0) + 500_000) / 1_000_000)
                })
        }
        return nil
    }

    private mutating func take(_ record: [UsageCSV.Field]) {
        switch form {
        case .hopeless: return
        case .unknown: begin(record)
        case .profile(var profile):
            profile.take(record, file: file)
            form = .profile(profile)
        case .export(let columns): take(row: record, columns)
        }
    }

    private mutating func begin(_ record: [UsageCSV.Field]) {
        if let profile = UsageProfile(record, file: file) {
            form = .profile(profile)
            return
        }
        var found: [String] = []
        let columns = UsageColumns(record, file: file, &found)
        for problem in found { complain(problem) }
        if let columns, found.isEmpty {
            form = .export(columns)
        } else {
            if columns == nil {
                complain("\(file):\(record[0].line):1: is neither a profile nor an export; \(UsageProfile.advice)")
            }
            form = .hopeless
        }
    }

    private mutating func take(row: [UsageCSV.Field], _ columns: UsageColumns) {
        guard row.count == columns.count else {
            complain("\(file):\(row[0].line):1: has \(row.count) fields, but the first line has \(columns.count)")
            return
        }
        func text(_ column: UsageColumns.Column) -> String { columns[column].map { row[$0].text } ?? "" }
        let sort = UsageSort(
            service: text(.service), usage: text(.usage), kind: text(.kind), pricing: text(.pricing),
            tags: text(.tags), region: text(.region), columns.form, under: scope)
        if case .counts = sort, isLongCredit(text) {
            rows.corrections += 1
            return
        }
        switch sort {
        case .counts: rows.counted += 1
        case .spot: rows.spot += 1
        case .covered: rows.covered += 1
        case .ownNight: rows.ownNights += 1
        case .other: rows.other += 1
        }
        // A day's or a month's row of something else is no problem, and says nothing about hours.
        let (start, end) = (UsageField.instant(text(.start)), UsageField.instant(text(.end)))
        guard case .counts = sort else {
            if let start, let end, (end - start) <= .hours(1) { sums[Self.hour(start), default: 0] += 0 }
            return
        }
        func problem(_ column: UsageColumns.Column, _ what: String) {
            let field = columns[column].map { row[$0] } ?? row[0]
            complain("\(file):\(field.line):\(field.column): \(columns.name(column)): \(what)")
        }
        if start == nil { problem(.start, "\"\(text(.start))\" is no time; an export has 2026-11-01T00:00:00Z") }
        if end == nil { problem(.end, "\"\(text(.end))\" is no time; an export has 2026-11-01T01:00:00Z") }
        let cost = UsageField.signedMillionths(text(.cost))
        if cost == nil { problem(.cost, "\"\(text(.cost))\" is no amount of dollars") }
        if !text(.currency).isEmpty, text(.currency) != "USD" {
            problem(.currency, "is \(text(.currency)); only US dollars can be compared with the job's prices")
        }
        guard let start, let end, let cost else { return }
        guard end - start <= .hours(1), end >= start else {
            problem(.end, "this row is not of one hour; a plan is used hour by hour, so export with hourly granularity")
            return
        }
        add(cost, from: start, until: end)
    }

    /// AWS takes back what was charged wrongly by a row of its own, often one for a whole month.
    private func isLongCredit(_ text: (UsageColumns.Column) -> String) -> Bool {
        guard text(.cost).hasPrefix("-"), let start = UsageField.instant(text(.start)),
            let end = UsageField.instant(text(.end))
        else { return false }
        return end - start > .hours(1)
    }

    /// A row that lies in two hours goes into both, by its time in each.
    private mutating func add(_ cost: Int128, from start: Instant, until end: Instant) {
        let (first, length) = (Self.hour(start), (end - start).milliseconds)
        let border = Int64(first + 1) * 3_600_000
        guard end.milliseconds > border else {
            sums[first, default: 0] += cost
            return
        }
        let within = cost * Int128(border - start.milliseconds) / Int128(length)
        sums[first, default: 0] += within
        sums[first + 1, default: 0] += cost - within
    }

    private static func day(_ hour: Int) -> Int { hour >= 0 ? hour / 24 : (hour - 23) / 24 }

    private static func hour(_ instant: Instant) -> Int {
        Int((Double(instant.milliseconds) / 3_600_000).rounded(.down))
    }

    private mutating func complain(_ problem: String) {
        problemCount += 1
        if problems.count < Self.mostProblems { problems.append(problem) }
    }
}
