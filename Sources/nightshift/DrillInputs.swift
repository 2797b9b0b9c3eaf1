// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JobFiles
import TrainingJobs

/// The data of a drill, which trains on this machine wherever the job's nights do.
enum DrillInputs {
    /// The job's channels, with the directories that were typed; ends the command with every problem.
    static func onThisMachine(_ file: JobFile, typed words: [String]) throws -> [InputChannel] {
        var problems: [String] = []
        var typed: [String: String] = [:]
        let names = file.job.inputChannels.map(\.name)
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                problems.append("--input: must be a channel and a directory, as train=data/train, not \"\(word)\"")
                continue
            }
            let path = URL(filePath: parts[1]).standardizedFileURL.path(percentEncoded: false)
            var isDirectory: ObjCBool = false
            if !names.contains(parts[0]) {
                let near = NearestName.of(parts[0], in: names).map { "; did you mean \($0)?" } ?? ""
                problems.append("--input: the job has no channel \"\(parts[0])\"\(near)")
            } else if typed.updateValue(path, forKey: parts[0]) != nil {
                problems.append("--input: \(parts[0]) is there twice")
            } else if !FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) || !isDirectory.boolValue
            {
                problems.append("--input: \(parts[0]): there is no directory \(parts[1])")
            }
        }
        let channels = file.job.inputChannels.map { channel in
            InputChannel(name: channel.name, path: typed[channel.name] ?? channel.path)
        }
        for channel in channels where channel.path.hasPrefix("s3://") {
            problems.append(
                "inputs.\(channel.name): \(channel.path) is in a bucket, and a drill trains on this machine; copy (a part "
                    + "of) it here and say where: --input \(channel.name)=data/\(channel.name)")
        }
        guard problems.isEmpty else {
            for problem in problems { Console.tell(problem) }
            throw ExitCode.badInput
        }
        return channels
    }
}
