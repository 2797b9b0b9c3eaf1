// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A trace in Frontier-CS's text form: a window a line, `NAME GAP_SECONDS 0101…`, where 1 is available.
package struct TraceText: Hashable, Sendable {
    private struct Window: Hashable, Sendable {
        var name: String
        var gapMilliseconds: Int64
        var ticks: [Bool]
    }

    private let file: String
    private let windows: [Window]

    /// Whether a file's first bytes look like JSON, and not like this form.
    package static func isJSON(_ bytes: some Sequence<UInt8>) -> Bool {
        let first = bytes.first { !" \t\r\n".utf8.contains($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    /// Every problem of the file at once. `file` is how the problems name it. Empty lines are passed over.
    package init(_ bytes: some Collection<UInt8>, file: String) throws(TraceProblems) {
        var problems: [String] = []
        var windows: [Window] = []
        var lines: [String: Int] = [:]
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let fields = line.split { " \t\r".utf8.contains($0) }
            if fields.isEmpty { continue }
            let place = "\(file):\(index + 1)"
            guard fields.count == 3 else {
                problems.append(
                    "\(place): has \(fields.count) \(fields.count == 1 ? "field" : "fields"), not 3; a line is NAME "
                        + "GAP_SECONDS and a row of 0 and 1, as: 0.json 600 0110")
                continue
            }
            let name = String(decoding: fields[0], as: UTF8.self)
            let gap = String(decoding: fields[1], as: UTF8.self)
            let gapMilliseconds = Double(gap).flatMap(TraceValue.milliseconds(gapSeconds:))
            if gapMilliseconds == nil { problems.append("\(place): gap: \(TraceValue.gapProblem(gap))") }
            if let (column, byte) = fields[2].enumerated().first(where: { $0.element & 0xFE != 0x30 }) {
                problems.append(
                    "\(place): data[\(column)]: \"\(String(decoding: [byte], as: UTF8.self))\" is neither 0 nor 1")
            }
            if let earlier = lines[name] {
                problems.append("\(place): \"\(name)\" is the name of line \(earlier) too; a name selects one window")
            }
            lines[name] = lines[name] ?? index + 1
            windows.append(
                Window(name: name, gapMilliseconds: gapMilliseconds ?? 1, ticks: fields[2].map { $0 == 0x31 }))
        }
        if windows.isEmpty, problems.isEmpty {
            problems.append("\(file): is empty; a trace is JSON, or lines of NAME GAP_SECONDS and a row of 0 and 1")
        }
        guard problems.isEmpty else { throw TraceProblems(Self.firstFew(problems, of: "problems in \(file)")) }
        self.file = file
        self.windows = windows
    }

    package var names: [String] { windows.map(\.name) }

    /// The line of that name; without one, the only line.
    package func trace(window: String?, nodes: Int) throws(TraceProblems) -> AvailabilityTrace {
        guard nodes >= 1 else { throw TraceProblems(["\(file): nodes: must be 1 or more, not \(nodes)"]) }
        let found = window == nil ? (windows.count == 1 ? windows[0] : nil) : windows.first { $0.name == window }
        guard let found else {
            let few = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
            let near = window.flatMap { NearestName.of($0, in: names) }.map { "did you mean \($0)? " } ?? ""
            let what = window.map { "has no window \"\($0)\"" } ?? "has \(windows.count) windows and none was named"
            throw TraceProblems(["\(file): \(what); \(near)it has \(few)"])
        }
        guard nodes == 1 else { throw TraceProblems(["\(file): \(Self.neverAvailable(nodes, largest: 1))"]) }
        return AvailabilityTrace(
            name: found.name, gapMilliseconds: found.gapMilliseconds, nodes: 1, ticks: found.ticks,
            provenance: AvailabilityTrace.Provenance(
                source: "\(file)#\(found.name)", form: .text, polarity: "1 = available (text form)", warning: nil))
    }

    static func neverAvailable(_ nodes: Int, largest: Double) -> String {
        "never available: a gang of \(nodes) in a trace whose largest count is \(TraceValue.text(largest)); "
            + "ask for fewer nodes, or take a trace of larger gangs"
    }

    /// At most ten problems of one kind, and how many there are.
    static func firstFew(_ problems: [String], of what: String) -> [String] {
        problems.count <= 10 ? problems : problems.prefix(10) + ["\(problems.count) \(what); the first 10 are above"]
    }
}
