// SPDX-License-Identifier: Apache-2.0

/// One change to a file system, in the order in which it is made.
package enum FileEffect: Hashable, Sendable {
    case makeDirectory(String)
    case create(String)
    case write(String, bytes: Int)
    case syncFile(String)
    case link(from: String, to: String)
    case remove(String)
    case rename(from: String, to: String)
    case syncDirectory(String)
}

/// The one place through which every change of this room to a file system passes, just before it is made.
///
/// A gate that throws stops the change, and the error goes to whoever wanted it. That is how a test dies at the n-th
/// effect, or answers EIO or ENOSPC at a chosen one; a live store uses `open`.
package struct EffectGate: Sendable {
    package let pass: @Sendable (FileEffect) throws -> Void

    package init(_ pass: @escaping @Sendable (FileEffect) throws -> Void) {
        self.pass = pass
    }

    package static let open = EffectGate { _ in }
}

/// Thrown by a gate at a `write`: the first `bytes` bytes still reach the file, then the error goes on.
package struct TornWrite: Error {
    package var bytes: Int
    package init(bytes: Int) { self.bytes = bytes }
}
