// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Finds a program by its name, as a shell would, without a shell.
enum ProgramPath {
    static let standard = "/usr/local/bin:/usr/bin:/bin"

    /// A name with a slash is taken as it is, from `directory` where it is relative.
    static func find(_ name: String, in directory: String?) -> String? {
        if name.contains("/") {
            let path = name.hasPrefix("/") ? name : directory.map { "\($0)/\(name)" } ?? name
            return FileManager.default.isExecutableFile(atPath: path) ? path : nil
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? standard
        return path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
