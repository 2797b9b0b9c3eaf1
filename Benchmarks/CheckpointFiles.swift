// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import Foundation
import SpotMarket
import TrainingJobs

/// Files like a checkpoint's: bytes that nothing compresses.
enum CheckpointFiles {
    /// Makes the directory; of each file so many MiB. The same numbers give the same bytes.
    static func write(_ count: Int, megabytes: Int, to directory: String) throws -> [SourceFile] {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var random = SplitMix64(seed: 1)
        return try (0..<count).map { number in
            let name = "weights-\(number).bin"
            let place = URL(filePath: directory).appending(path: name)
            try Data().write(to: place)
            let file = try FileHandle(forWritingTo: place)
            for _ in 0..<megabytes {
                let words = (0..<(1 << 17)).map { _ in random.next() }
                try file.write(contentsOf: words.withUnsafeBytes { Data($0) })
            }
            try file.close()
            return SourceFile(path: name, expected: nil)
        }
    }

    /// Makes what another program wrote durable.
    static func sync(_ directory: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let descriptor = open(directory + "/" + name, O_RDONLY)
            fsync(descriptor)
            close(descriptor)
        }
    }
}
