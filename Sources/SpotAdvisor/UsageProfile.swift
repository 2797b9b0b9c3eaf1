// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A day or a week in hours, written by hand: 24 or 168 numbers, or lines of `hour,usd`. Hour 0 is from midnight on, of
/// a week from Monday's.
struct UsageProfile {
    static let advice =
        "write 24 or 168 dollars an hour, or lines of hour,usd, or export CUR 2.0 or FOCUS with hourly rows"

    private var values: [Int64] = []
    /// By hour, when the hours are named: the value, and the line that has it.
    private var named: [Int: (value: Int64, line: Int)]?
    private(set) var problems: [String] = []

    /// `nil` when the first line is of no profile.
    init?(_ first: [UsageCSV.Field], file: String) {
        if first.map({ Self.trimmed($0.text).lowercased() }) == ["hour", "usd"] {
            named = [:]
            return
        }
        guard first.allSatisfy({ Self.trimmed($0.text).isEmpty || Self.value($0.text) != nil }) else { return nil }
        take(first, file: file)
    }

    mutating func take(_ record: [UsageCSV.Field], file: String) {
        func place(_ field: UsageCSV.Field) -> String { "\(file):\(field.line):\(field.column)" }
        guard named != nil else {
            for field in record where !Self.trimmed(field.text).isEmpty {
                if let value = Self.value(field.text) {
                    values.append(value)
                } else {
                    problems.append("\(place(field)): \"\(field.text)\" is no amount of dollars an hour from 0 on")
                }
            }
            return
        }
        guard record.count == 2 else {
            problems.append("\(place(record[0])): has \(record.count) fields, not hour and usd")
            return
        }
        let hour = Int(Self.trimmed(record[0].text)).flatMap { (0..<168).contains($0) ? $0 : nil }
        if hour == nil {
            problems.append("\(place(record[0])): hour: must be 0 to 23, or 0 to 167, not \"\(record[0].text)\"")
        }
        let value = Self.value(record[1].text)
        if value == nil {
            problems.append("\(place(record[1])): usd: \"\(record[1].text)\" is no amount of dollars from 0 on")
        }
        guard let hour, let value else { return }
        if let earlier = named?[hour] {
            problems.append("\(place(record[0])): hour \(hour) stands on line \(earlier.line) too; keep one of them")
        }
        named?[hour] = (value, record[0].line)
    }

    /// `nil` with problems.
    mutating func finish(file: String) -> UsageHours? {
        if let named {
            let count = named.keys.contains { $0 >= 24 } ? 168 : 24
            let missing = (0..<count).filter { named[$0] == nil }
            if !missing.isEmpty, problems.isEmpty {
                let few = missing.prefix(8).map(String.init).joined(separator: ", ") + (missing.count > 8 ? ", …" : "")
                problems.append("\(file): \(missing.count) of \(count) hours are missing: \(few); write 0 for none")
            }
            values = (0..<count).map { named[$0]?.value ?? 0 }
        } else if values.count != 24, values.count != 168, problems.isEmpty {
            problems.append("\(file): has \(values.count) numbers; a day has 24 of them, a week 168")
        }
        return problems.isEmpty ? UsageHours(clock: .local, firstHour: 0, hours: values) : nil
    }

    private static func value(_ text: String) -> Int64? {
        UsageField.microdollarMillionths(trimmed(text)).map { Int64(($0 + 500_000) / 1_000_000) }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
