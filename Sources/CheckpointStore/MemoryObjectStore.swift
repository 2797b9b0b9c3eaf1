// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Objects in memory, as long as the process lives: for simulations, dry runs and tests.
package final class MemoryObjectStore: ObjectStore {
    private let objects: Mutex<[ObjectKey: [UInt8]]>

    package init(_ contents: [ObjectKey: [UInt8]] = [:]) {
        objects = Mutex(contents)
    }

    /// All objects at this instant. Setting it is how damage is made.
    package var contents: [ObjectKey: [UInt8]] {
        get { objects.withLock { $0 } }
        set { objects.withLock { $0 = newValue } }
    }

    package func get(_ key: ObjectKey, limit: Int) async throws -> [UInt8]? {
        guard let bytes = objects.withLock({ $0[key] }) else { return nil }
        guard bytes.count <= limit else { throw ObjectDamaged.longer(key, than: limit) }
        return bytes
    }

    package func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws -> PutOutcome {
        objects.withLock { objects in
            guard objects[key] == nil else { return .exists }
            objects[key] = bytes
            return .created
        }
    }

    package func list(_ prefix: ObjectKey) async throws -> [ListedObject] {
        contents.filter { $0.key.isBelow(prefix) }
            .map { ListedObject(key: $0.key, bytes: Int64($0.value.count)) }
            .sorted { $0.key < $1.key }
    }

    package func delete(_ key: ObjectKey) async throws {
        objects.withLock { _ = $0.removeValue(forKey: key) }
    }

    package func removeLeftovers(_ prefix: ObjectKey) async throws {}
}
