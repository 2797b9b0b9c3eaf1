// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import SpotMarket

/// Reads traces of any form from files.
enum MarketTraces {
    /// One trace of a JSON file, every window of a text file, or the one that `FILE#WINDOW` names.
    static func read(_ argument: String, nodes: Int) throws(TraceProblems) -> [AvailabilityTrace] {
        var (path, window) = (argument, String?.none)
        if !FileManager.default.fileExists(atPath: argument), let mark = argument.lastIndex(of: "#") {
            (path, window) = (String(argument[..<mark]), String(argument[argument.index(after: mark)...]))
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw TraceProblems(["\(path): is not there; look for a slip in its name"])
        }
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw TraceProblems(["\(path): \(error.localizedDescription)"])
        }
        guard TraceText.isJSON(data) else {
            let text = try TraceText(data, file: path)
            if window != nil || text.names.count == 1 { return [try text.trace(window: window, nodes: nodes)] }
            var traces: [AvailabilityTrace] = []
            for name in text.names { traces.append(try text.trace(window: name, nodes: nodes)) }
            return traces
        }
        guard window == nil else {
            throw TraceProblems(["\(path): is JSON and has no windows; name it without # and what follows"])
        }
        return [try decode(data, path).trace(file: path, nodes: nodes)]
    }

    private static func decode(_ data: Data, _ path: String) throws(TraceProblems) -> TraceFile {
        do { return try JSONDecoder().decode(TraceFile.self, from: data) } catch {
            // Foundation's message is the same for every document that is no JSON.
            let isWhole = data.last { !" \t\r\n".utf8.contains($0) }.map { "}]".utf8.contains($0) } ?? false
            throw TraceProblems(["\(path): \(sentence(error, isWhole: isWhole))"])
        }
    }

    private static func sentence(_ error: any Error, isWhole: Bool) -> String {
        switch error {
        case DecodingError.dataCorrupted:
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
