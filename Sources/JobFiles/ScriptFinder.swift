// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Guesses which file of a directory is the training script.
enum ScriptFinder {
    /// Relative to the directory; `nil` when nothing looks like one.
    static func entryPoint(in directory: String) -> String? {
        // A directory that can't be listed has no script to find.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let scripts = names.filter { $0.hasSuffix(".py") && !$0.hasPrefix("test_") && !$0.hasPrefix(".") }.sorted()
        if scripts.count == 1 { return scripts[0] }
        var best: (name: String, score: Int)?
        for name in scripts.prefix(200) {
            guard let handle = FileHandle(forReadingAtPath: directory + "/" + name) else { continue }
            // What can't be read is judged by its name.
            let data = (try? handle.read(upToCount: 256 * 1024)) ?? Data()
            let score = score(name: name, source: String(decoding: data, as: UTF8.self))
            if score > best?.score ?? 0 { best = (name, score) }
        }
        return best?.name
    }

    private static func score(name: String, source: String) -> Int {
        var score = 0
        if source.contains("SM_MODEL_DIR") { score += 4 }
        if source.contains("__main__") { score += 2 }
        if source.contains("argparse") { score += 2 }
        if name.hasPrefix("train") { score += 3 }
        return score
    }
}
