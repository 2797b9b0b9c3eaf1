// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// `.complete` inside a checkpoint's directory: the word of the script that all of it is there.
struct CompletionMarker: Decodable {
    static let fileName = ".complete"
    private static let limit = 4 << 20

    struct File: Decodable {
        var path: String
        var bytes: Int64
        var sha256: String
    }

    var format: String
    var version: Int
    var step: Int
    var files: [File]

    init?(directory: String) {
        let path = directory + "/" + Self.fileName
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.limit,
            let data = FileManager.default.contents(atPath: path),
            let marker = try? JSONDecoder().decode(Self.self, from: data),  // torn JSON is no marker
            marker.format == "nightshift-checkpoint", marker.version == 1
        else { return nil }
        self = marker
    }
}
