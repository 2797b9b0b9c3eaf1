// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import InfrastructureExport

/// Where exported files go. A file that this command did not make is not replaced without being told to.
struct ExportDirectory {
    let path: String
    let mayReplaceAll: Bool

    /// All or, when one of them must not be replaced, none.
    func write(_ files: [ExportedFile]) throws {
        let paths = files.map { (file: $0, path: "\(path)/\($0.name)") }
        try OutputFile.tryOut(paths.map { (option: "--output", path: $0.path) })
        var reader = OptionReader()
        for (_, path) in paths where !mayReplaceAll && !mayReplace(path) {
            reader.complain("\(path): was not made by nightshift export and is left as it is; --force replaces it")
        }
        try reader.finish()
        for (file, path) in paths { try OutputFile.write(file.text, to: path) }
    }

    private func mayReplace(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return true }
        // One that cannot be read is not known to be ours.
        guard let data = FileManager.default.contents(atPath: path) else { return false }
        return String(decoding: data, as: UTF8.self).contains(TrainingStack.mark)
    }
}
