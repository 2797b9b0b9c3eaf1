// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Paths that came from outside, made or refused below a directory of ours. No link on the way is followed.
enum SafePath {
    struct Refused: Error, CustomStringConvertible {
        var path: String
        var why: String
        var description: String { "\"\(path)\" \(why)" }
    }

    /// The parts of a relative path; `nil` where it leads out, is absolute or empty, or holds what no name can.
    static func parts(of path: String) -> [String]? {
        guard !path.hasPrefix("/"), !path.utf8.contains(0), path.utf8.count <= 4096 else { return nil }
        let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !parts.isEmpty, !parts.contains(".."), parts.allSatisfy({ $0.utf8.count <= 255 }) else { return nil }
        return parts
    }

    /// Makes the directories above the last part and answers the whole path. A link in the way is refused.
    static func prepare(_ parts: [String], below root: String, named path: String) throws -> String {
        var place = root
        for part in parts.dropLast() {
            place += "/" + part
            try makeDirectory(place, named: path)
        }
        return place + "/" + (parts.last ?? "")
    }

    /// May be repeated.
    static func makeDirectory(_ place: String, named path: String) throws {
        var status = stat()
        if lstat(place, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw Refused(path: path, why: "leads through something that is no directory")
            }
            return
        }
        guard mkdir(place, 0o755) == 0 else {
            throw Refused(path: path, why: "cannot be made: \(String(cString: strerror(errno)))")
        }
    }
}
