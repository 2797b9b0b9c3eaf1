// SPDX-License-Identifier: Apache-2.0

/// Text that must not be seen: it prints, reflects and dumps as `<redacted>`, and has no coding.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for a signature or a header.
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
