// SPDX-License-Identifier: Apache-2.0

import Drills
import Foundation

/// Looks for the names of states inside checkpoint files: keys of pickles, archives and JSON are plain text.
enum CheckpointNames {
    private static let optimizer = ["optim", "momentum", "velocity", "exp_avg", "adam", "accumulator", "slots"]
    private static let random = ["rng", "random", "generator", "mt19937", "pcg64", "shuffle", "permutation"]
    /// Names stand at the beginning of most formats and at the end of archives.
    private static let reach = 4 << 20

    /// `nil` when there are no files.
    static func hints(in directory: String) -> CheckpointHints? {
        let files = SaveInterrupter.files(below: directory)
        guard !files.isEmpty else { return nil }
        var hints = CheckpointHints(namesOptimizer: false, namesRandomState: false)
        for (path, _) in files {
            let text = path.lowercased() + " " + contents(of: directory + "/" + path)
            hints.namesOptimizer = hints.namesOptimizer || optimizer.contains { text.contains($0) }
            hints.namesRandomState = hints.namesRandomState || random.contains { text.contains($0) }
        }
        return hints
    }

    /// Its words, in lower case; numbers look like words now and then, but not like these.
    private static func contents(of path: String) -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { return "" }
        defer { try? handle.close() }  // nothing was written
        var bytes = (try? handle.read(upToCount: reach)) ?? Data()  // unreadable: no names
        if let end = try? handle.seekToEnd(), end > UInt64(bytes.count) {
            try? handle.seek(toOffset: max(UInt64(bytes.count), end - UInt64(min(end, UInt64(reach)))))
            bytes += (try? handle.readToEnd()) ?? Data()
        }
        var words = ""
        var word: [UInt8] = []
        for byte in bytes {
            let lower = (65...90).contains(byte) ? byte + 32 : byte
            if (97...122).contains(lower) || (48...57).contains(lower) || lower == 95 {
                word.append(lower)
            } else {
                if word.count >= 3 { words += String(decoding: word, as: UTF8.self) + " " }
                word.removeAll(keepingCapacity: true)
            }
        }
        return words + String(decoding: word, as: UTF8.self)
    }
}
