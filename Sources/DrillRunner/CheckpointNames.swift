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
        let files = SaveInterrupter.files(below: directory).filter { !$0.isEmpty }
        guard !files.isEmpty else { return nil }
        var hints = CheckpointHints(namesOptimizer: false, namesRandomState: false)
        for (path, _) in files {
            let (name, bytes) = (path.lowercased(), contents(of: directory + "/" + path))
            func isNamed(_ word: String) -> Bool { name.contains(word) || holds(word, in: bytes) }
            hints.namesOptimizer = hints.namesOptimizer || optimizer.contains(where: isNamed)
            hints.namesRandomState = hints.namesRandomState || random.contains(where: isNamed)
        }
        return hints
    }

    /// Every three letters stand somewhere among some million bytes of weights: so short a word counts only as a part of
    /// a name, or between the marks that formats put around one (quotes, the length that a pickle writes before it).
    private static func holds(_ word: String, in bytes: Data) -> Bool {
        let forms =
            word.utf8.count > 3
            ? [word]
            : [
                "_" + word, word + "_", "\"\(word)\"", "'\(word)'", word + ".npy", "\u{3}" + word,
                "\u{3}\u{0}\u{0}\u{0}" + word,
            ]
        return forms.contains { bytes.range(of: Data($0.utf8)) != nil }
    }

    /// Its beginning and its end, in lower case.
    private static func contents(of path: String) -> Data {
        guard let handle = FileHandle(forReadingAtPath: path) else { return Data() }
        defer { try? handle.close() }  // nothing was written
        var data = (try? handle.read(upToCount: reach)) ?? Data()  // unreadable: no names
        // As above: what cannot be read has no names.
        if let end = try? handle.seekToEnd(), end > UInt64(data.count) {
            try? handle.seek(toOffset: max(UInt64(data.count), end - UInt64(min(end, UInt64(reach)))))
            data += (try? handle.readToEnd()) ?? Data()
        }
        data.withUnsafeMutableBytes { bytes in
            for index in bytes.indices where (65...90).contains(bytes[index]) { bytes[index] += 32 }
        }
        return data
    }
}
