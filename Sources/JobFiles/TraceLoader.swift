// SPDX-License-Identifier: Apache-2.0

import Foundation
package import SpotMarket

/// Reads availability traces of every form (`docs/trace-file.md`) and keeps what it has read.
package struct TraceLoader {
    private struct Key: Hashable {
        var path: String
        var window: String?
        var nodes: Int
    }

    private var texts: [String: TraceText] = [:]
    private var read: [Key: AvailabilityTrace] = [:]
    /// Files so far whose sense is not certain (the polarity trap), in the order in which they were read.
    package private(set) var ambiguous: [AvailabilityTrace.Provenance] = []

    package init() {}

    /// Every problem of the file at once, each with the file's name. `window` names a line of the text form.
    package mutating func trace(_ path: String, window: String? = nil, nodes: Int = 1) throws(TraceProblems)
        -> AvailabilityTrace
    {
        let key = Key(path: path, window: window, nodes: nodes)
        if let known = read[key] { return known }
        let trace = try load(path, window, nodes)
        let source = trace.provenance
        if source.warning != nil, !ambiguous.contains(where: { $0.source == source.source }) {
            ambiguous.append(source)
        }
        read[key] = trace
        return trace
    }

    /// What a careful reader would ask about them; one line for all, so that a study of fifty files stays readable.
    package var warning: String? {
        guard let first = ambiguous.first?.warning else { return nil }
        return ambiguous.count == 1 ? first : "\(first); \(ambiguous.count - 1) more files are so"
    }

    /// Every window of a file, each under its name; one that is JSON has a single one without a name.
    package mutating func traces(_ place: TracePlace, nodes: Int) throws(TraceProblems) -> [AvailabilityTrace] {
        let names = place.window == nil ? try text(place.path)?.names ?? [] : []
        guard names.count > 1 else { return [try trace(place.path, window: place.window, nodes: nodes)] }
        var traces: [AvailabilityTrace] = []
        for name in names { traces.append(try trace(place.path, window: name, nodes: nodes)) }
        return traces
    }

    private mutating func load(_ path: String, _ window: String?, _ nodes: Int) throws(TraceProblems)
        -> AvailabilityTrace
    {
        if let text = try text(path) { return try text.trace(window: window, nodes: nodes) }
        if let window, !window.isEmpty {
            throw TraceProblems(["\(path): is JSON and has no windows; leave out \"\(window)\""])
        }
        let bytes = try Self.bytes(path)
        do {
            let file = try JSONDecoder().decode(TraceFile.self, from: bytes)
            return try file.trace(file: path, nodes: nodes)
        } catch let problems as TraceProblems {
            throw problems
        } catch {
            throw TraceProblems(["\(path): \(Self.sentence(error, bytes))"])
        }
    }

    /// `nil` when it is JSON.
    private mutating func text(_ path: String) throws(TraceProblems) -> TraceText? {
        if let known = texts[path] { return known }
        let bytes = try Self.bytes(path)
        guard !TraceText.isJSON(bytes) else { return nil }
        let text = try TraceText(bytes, file: path)
        texts[path] = text
        return text
    }

    private static func bytes(_ path: String) throws(TraceProblems) -> Data {
        guard FileManager.default.fileExists(atPath: path) else {
            throw TraceProblems(["\(path): is not there; look for a slip in its name"])
        }
        do {
            let bytes = try Data(contentsOf: URL(filePath: path))
            // Some editors begin a file of UTF-8 with a mark, which JSON does not know.
            return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Data(bytes.dropFirst(3)) : bytes
        } catch {
            throw TraceProblems(["\(path): cannot be read: \(error.localizedDescription)"])
        }
    }

    /// Foundation's message is the same for every document that is no JSON.
    private static func sentence(_ error: any Error, _ bytes: Data) -> String {
        switch error {
        case DecodingError.dataCorrupted:
            let isWhole = bytes.last { !" \t\r\n".utf8.contains($0) }.map { "}]".utf8.contains($0) } ?? false
            return isWhole
                ? "is no JSON; numbers there are plain (NaN and Infinity are none), lists have no last comma"
                : "is cut off: JSON ends with }; fetch it again"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            return
                "\(place.isEmpty ? "the document" : place): is of another kind than a trace has there; metadata is an "
                + "object with gap_seconds, data a list of numbers"
        case let error as DecodingError: return error.sentence
        default: return error.localizedDescription
        }
    }
}
