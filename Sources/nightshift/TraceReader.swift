// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpotMarket

/// Reads availability traces from files, in any of the forms that `docs/trace-file.md` lists.
enum TraceReader {
    /// `place` is a path, in the text form with `#` and the window's name after it.
    static func trace(at place: String, nodes: Int) throws(TraceProblems) -> AvailabilityTrace {
        let parts = place.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path = FileManager.default.fileExists(atPath: place) ? place : parts[0]
        let window = path == place || parts.count == 1 ? nil : parts[1]
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw TraceProblems(["\(path): cannot be read: \(error.localizedDescription)"])
        }
        guard TraceText.isJSON(data) else {
            return try TraceText(Array(data), file: path).trace(window: window, nodes: nodes)
        }
        let file: TraceFile
        do {
            file = try JSONDecoder().decode(TraceFile.self, from: data)
        } catch let error as DecodingError {
            throw TraceProblems(["\(path): is no whole trace in JSON: \(error.sentence)"])
        } catch {
            throw TraceProblems(["\(path): \(error.localizedDescription)"])
        }
        return try file.trace(file: path, nodes: nodes)
    }
}
