// SPDX-License-Identifier: Apache-2.0

/// Where the bytes of a lineage lie: a directory, memory, an S3 prefix.
///
/// An object is created whole or not at all and never changes afterwards. Creating one only if its key is free is all
/// the agreement between writers that the commit log needs; there is no overwriting and no rename.
///
/// Every method may be repeated after an error. An error other than `ObjectDamaged` means "not known, try again": it
/// says nothing about what the store holds.
package protocol ObjectStore: Sendable {
    /// The whole object, or nil when there is none.
    ///
    /// Reads at most `limit` bytes and throws `ObjectDamaged` for a longer object, so that a forged one cannot fill the
    /// memory. Throws `ObjectDamaged` too when the store itself knows that the content is lost.
    func get(_ key: ObjectKey, limit: Int) async throws -> [UInt8]?

    /// Creates the object unless the key is taken. Of several callers at once exactly one is told `created`.
    ///
    /// When it returns, the object of that key, whoever's it is, is durable and seen by every later `get` and `list`.
    /// When it throws, the object may or may not exist: ask again. A body whose request was applied but whose answer
    /// was lost may say `exists` to its own repetition.
    func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws -> PutOutcome

    /// Every object below `prefix/`, in byte order of the keys. Unfinished objects are not in it.
    func list(_ prefix: ObjectKey) async throws -> [ListedObject]

    /// When it returns, the object is gone for good. A key that is not there is fine.
    func delete(_ key: ObjectKey) async throws

    /// Clears away what writers that died left unfinished below `prefix/`, such as temporary files or multipart
    /// uploads. A living writer that is hit only starts its object again. Costs a walk over the prefix.
    func removeLeftovers(_ prefix: ObjectKey) async throws
}

package enum PutOutcome: Hashable, Sendable { case created, exists }

package struct ListedObject: Hashable, Sendable {
    package var key: ObjectKey
    package var bytes: Int64

    package init(key: ObjectKey, bytes: Int64) {
        self.key = key
        self.bytes = bytes
    }
}

/// The object is there and its content is not what was put: asking again will not help.
package struct ObjectDamaged: Error, Hashable, CustomStringConvertible {
    package var key: ObjectKey
    package var why: String

    package init(_ key: ObjectKey, why: String) {
        self.key = key
        self.why = why
    }

    package var description: String { "\(key) is damaged: \(why)" }

    static func longer(_ key: ObjectKey, than limit: Int) -> ObjectDamaged {
        ObjectDamaged(key, why: "it is longer than \(limit) bytes")
    }
}
