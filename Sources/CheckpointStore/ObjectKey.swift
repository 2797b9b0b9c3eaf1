// SPDX-License-Identifier: Apache-2.0

/// The name of an object: components of `[A-Za-z0-9_-][A-Za-z0-9._-]*`, at most 128 bytes each, joined by `/`, at most
/// 512 bytes in all.
///
/// Nothing that matches can leave a root directory, hide as a dot file or need escaping in a URL, so every store takes
/// any key as it is.
package struct ObjectKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        let components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 512, components.allSatisfy({ Self.isComponent($0) }) else { return nil }
        self.text = text
    }

    /// A key one level below this one. The component is ours, never a stranger's: one that is not valid is a bug.
    func appending(_ component: String) -> ObjectKey {
        guard let key = ObjectKey(text + "/" + component) else {
            preconditionFailure("\(text)/\(component) is no object key")
        }
        return key
    }

    package var components: [String] { text.split(separator: "/").map(String.init) }
    package var name: String { components.last ?? text }

    /// Whole components: `log` is a prefix of `log/1`, not of `logs/1`.
    package func isBelow(_ prefix: ObjectKey) -> Bool { text.utf8.starts(with: (prefix.text + "/").utf8) }

    package var description: String { text }
    /// Byte order: keys are ASCII.
    package static func < (lhs: ObjectKey, rhs: ObjectKey) -> Bool { lhs.text < rhs.text }

    private static func isComponent(_ bytes: Substring.UTF8View.SubSequence) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: "."), bytes.count <= 128 else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
