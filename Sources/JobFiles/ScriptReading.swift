// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

/// What the text of the training code gives away about how it will behave. Guesses: a library may do for the script
/// what its own text does not mention.
struct ScriptReading {
    struct FixedPath: Hashable {
        var file: String
        var line: Int
        var literal: String
        /// The environment variable to use instead.
        var variable: String
    }

    private(set) var mentionsCheckpoints = false
    private(set) var mentionsModelDirectory = false
    /// Ten at most.
    private(set) var fixedPaths: [FixedPath] = []

    init(job: TrainingJob, surroundings: Surroundings) {
        let script = "\(job.sourceDirectory)/\(job.entryPoint)"
        var files = [script]
        let skipped = [job.checkpoint.uri, job.outputPath] + job.inputChannels.map(\.path)
        Self.collect(job.sourceDirectory, except: skipped, depth: 0, in: surroundings, into: &files)
        let checkpointWords = [
            "SM_CHECKPOINT_DIR", job.checkpoint.localPath, "nightshift_checkpoint", "latest(", "resume_from_checkpoint",
        ]
        var seen: Set<String> = []
        for file in files where seen.insert(file).inserted {
            guard let text = surroundings.text(file) else { continue }
            mentionsCheckpoints = mentionsCheckpoints || checkpointWords.contains(where: text.contains)
            mentionsModelDirectory = mentionsModelDirectory || text.contains("SM_MODEL_DIR")
            find(in: text, of: file)
        }
    }

    /// `/opt/ml/...` without an environment variable of SageMaker's on the same line or the one before.
    private mutating func find(in text: String, of file: String) {
        guard text.contains("/opt/ml") else { return }
        var previous = ""
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = String(line)
            defer { previous = line }
            guard fixedPaths.count < 10, let range = line.firstRange(of: "/opt/ml"),
                !line.drop(while: \.isWhitespace).hasPrefix("#"),
                ![line, previous].contains(where: { $0.contains("\"SM_") || $0.contains("'SM_") })
            else { continue }
            let rest = line[range.lowerBound...].prefix { $0.isLetter || $0.isNumber || "/_-.".contains($0) }
            let literal = String(rest)
            fixedPaths.append(
                FixedPath(file: file, line: index + 1, literal: literal, variable: Self.variable(for: literal)))
        }
    }

    private static func variable(for literal: String) -> String {
        let below = literal.dropFirst("/opt/ml/".count)
        if below.hasPrefix("checkpoints") { return "SM_CHECKPOINT_DIR" }
        if below.hasPrefix("model") { return "SM_MODEL_DIR" }
        if below.hasPrefix("output") { return "SM_OUTPUT_DATA_DIR" }
        if below.hasPrefix("input/data/") {
            let channel = below.dropFirst("input/data/".count).prefix { $0 != "/" }
            return "SM_CHANNEL_" + channel.uppercased()
        }
        return "SM_INPUT_DIR"
    }

    /// Python and shell files below the source directory, without hidden directories, environments and data.
    private static func collect(
        _ directory: String, except skipped: [String], depth: Int, in surroundings: Surroundings,
        into files: inout [String]
    ) {
        guard depth < 5, let names = surroundings.names(directory) else { return }
        for name in names where !name.hasPrefix(".") && name != "__pycache__" && name != "node_modules" {
            guard files.count < 300 else { return }
            let path = "\(directory)/\(name)"
            if name.hasSuffix(".py") || name.hasSuffix(".sh") {
                files.append(path)
            } else if surroundings.kind(path) == .directory, !skipped.contains(path),
                surroundings.kind("\(path)/pyvenv.cfg") == nil
            {
                collect(path, except: skipped, depth: depth + 1, in: surroundings, into: &files)
            }
        }
    }
}
