// SPDX-License-Identifier: Apache-2.0

/// A file's place inside a checkpoint: components joined by `/`, none of which can lead outside.
///
/// Refused: an absolute path, an empty component, `.`, `..`, NUL and other control characters, a component over 255
/// bytes, more than 32 components, more than 1024 bytes in all.
package struct TreePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String
    package let components: [String]

    package init(_ text: String) throws(PathRefused) {
        func refused(_ why: String) -> PathRefused { PathRefused(path: text, why: why) }
        if text.isEmpty { throw refused("it is empty") }
        if text.utf8.count > 1024 { throw refused("it is longer than 1024 bytes") }
        if text.utf8.first == UInt8(ascii: "/") { throw refused("it is absolute") }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }) {
            throw refused("it contains a control character")
        }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        components = parts.map { String(decoding: $0, as: UTF8.self) }
        if components.count > 32 { throw refused("it has more than 32 components") }
        for component in components {
            if component.isEmpty { throw refused("it has an empty component") }
            if component == "." || component == ".." { throw refused("it contains \"\(component)\"") }
            if component.utf8.count > 255 { throw refused("a component is longer than 255 bytes") }
        }
        self.text = text
    }

    package var description: String { text }
    package static func < (lhs: TreePath, rhs: TreePath) -> Bool {
        lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
    }

    /// Paths that could not all be files of one directory on every file system: the same name twice, also in other
    /// letter case or other Unicode form, or a file in the place of another's directory.
    static func refuseConflicts(_ paths: [TreePath]) throws(PathRefused) {
        // Swift compares strings by canonical equivalence, which takes care of the Unicode form.
        var files = Set<String>()
        var directories: [String: String] = [:]
        for path in paths {
            if !files.insert(path.text.lowercased()).inserted {
                throw PathRefused(path: path.text, why: "another file has the same name, apart from letter case")
            }
            var directory = ""
            for component in path.components.dropLast() {
                directory += (directory.isEmpty ? "" : "/") + component
                let spelling = directories.updateValue(directory, forKey: directory.lowercased()) ?? directory
                if !spelling.utf8.elementsEqual(directory.utf8) {
                    throw PathRefused(
                        path: path.text, why: "\(spelling)/ differs from its directory in letter case only")
                }
            }
        }
        for path in paths where directories[path.text.lowercased()] != nil {
            throw PathRefused(path: path.text, why: "it is a file here and a directory in another path")
        }
    }
}

package struct PathRefused: Error, Hashable, CustomStringConvertible {
    package var path: String
    package var why: String
    package var description: String { "the path \(path.debugDescription) is refused: \(why)" }
}

extension TreePath: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
