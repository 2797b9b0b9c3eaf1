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

    private mutating func load(_ path: String, _ window: String?, _ nodes: Int) throws(TraceProblems)
        -> AvailabilityTrace
    {
        if let text = texts[path] { return try text.trace(window: window, nodes: nodes) }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw TraceProblems(["\(path): cannot be read: \(error.localizedDescription)"])
        }
        guard TraceText.isJSON(bytes) else {
            let text = try TraceText(bytes, file: path)
            texts[path] = text
            return try text.trace(window: window, nodes: nodes)
        }
        if let window, !window.isEmpty {
            throw TraceProblems(["\(path): is JSON, which has one window; leave out \"\(window)\""])
        }
        let file: TraceFile
        do {
            file = try JSONDecoder().decode(TraceFile.self, from: bytes)
        } catch {
            let last = bytes.last { !" \t\r\n".utf8.contains($0) }
            guard last == UInt8(ascii: "}") else {
                throw TraceProblems(["\(path): is cut off: its JSON does not end with }; get the whole file again"])
            }
            let why = (error as? DecodingError)?.sentence ?? error.localizedDescription
            throw TraceProblems(["\(path): is not the JSON of a trace: \(why); compare it with docs/trace-file.md"])
        }
        return try file.trace(file: path, nodes: nodes)
    }
}
