// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Synchronization

/// Objects as files below one directory, on a local disk or a file system shared by machines.
///
/// An object is written to a temporary file beside its place, synced, and given its name by link(2), which never
/// replaces; then the directory is synced. Directories are 0700 and files 0600, whatever the umask. The calls block
/// their thread while the disk works: see `DiskExecutor`.
package final class DirectoryObjectStore: ObjectStore {
    private let root: OpenDirectory
    /// Directories whose own names this process has made durable, so that each is synced into its parent once.
    private let durable = Mutex<Set<String>>([])

    private static let temporaryPrefix = ".tmp-"

    /// Makes the directory when it is absent; its parent must exist.
    package init(root path: String, gate: EffectGate = .open) throws {
        let (parent, name) = PathSplit.parentAndName(path)
        let above = try OpenDirectory(parent, gate: gate)
        if try above.status(name) == nil, try above.makeDirectory(name) { try above.sync() }
        root = try OpenDirectory(path, gate: gate)
    }

    package func get(_ key: ObjectKey, limit: Int) async throws -> [UInt8]? {
        do {
            let file = try directory(above: key).file(key.name)
            guard try file.status().kind == .regular else { throw ObjectDamaged(key, why: "it is not a regular file") }
            let bytes = try file.read(upTo: min(limit, Int(try file.status().bytes)) + 1)
            guard bytes.count <= limit else { throw ObjectDamaged.longer(key, than: limit) }
            return bytes
        } catch let failure as IOFailure {
            switch failure.code {
            case ENOENT: return nil
            case ELOOP, ENOTDIR, EIO: throw ObjectDamaged(key, why: failure.description)
            default: throw failure
            }
        }
    }

    package func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws -> PutOutcome {
        let directory = try makeDirectory(above: key)
        for _ in 1...3 {
            do {
                return try put(bytes, as: key.name, in: directory)
            } catch let failure as IOFailure where failure.code == ENOENT && failure.operation == "link" {
                // Someone's `removeLeftovers` took our temporary file for a dead writer's.
            }
        }
        throw IOFailure("link", key.text, code: ENOENT)
    }

    package func list(_ prefix: ObjectKey) async throws -> [ListedObject] {
        var found: [ListedObject] = []
        func walk(_ directory: OpenDirectory, _ key: ObjectKey) throws {
            for name in try directory.names() {
                guard let child = ObjectKey(key.text + "/" + name), let status = try directory.status(name) else {
                    continue
                }
                switch status.kind {
                case .regular: found.append(ListedObject(key: child, bytes: status.bytes))
                case .directory: try walk(try directory.directory(name), child)
                case .symbolicLink, .other: continue
                }
            }
        }
        guard let start = try existingDirectory(prefix.components) else { return [] }
        try walk(start, prefix)
        return found.sorted { $0.key < $1.key }
    }

    package func delete(_ key: ObjectKey) async throws {
        guard let directory = try existingDirectory(key.components.dropLast()) else { return }
        try directory.remove(key.name)
        try directory.sync()
    }

    package func removeLeftovers(_ prefix: ObjectKey) async throws {
        func walk(_ directory: OpenDirectory) throws {
            for name in try directory.names() {
                if name.hasPrefix(Self.temporaryPrefix) {
                    try directory.remove(name)
                } else if try directory.status(name)?.kind == .directory {
                    try walk(try directory.directory(name))
                }
            }
        }
        guard let start = try existingDirectory(prefix.components) else { return }
        try walk(start)
    }

    private func put(_ bytes: [UInt8], as name: String, in directory: OpenDirectory) throws -> PutOutcome {
        // Spares writing what is there already; link(2) decides all the same.
        if try directory.status(name) != nil {
            try directory.sync()  // Its maker may have died between link and sync, and our caller will rely on it.
            return .exists
        }
        let temporary = Self.temporaryPrefix + String(UInt64.random(in: 0 ... .max), radix: 16)
        let outcome: PutOutcome
        do {
            let file = try directory.createFile(temporary)
            try file.write(bytes)
            try file.sync()
            outcome = try directory.link(temporary, as: name) ? .created : .exists
            try directory.remove(temporary)
        } catch {
            // Best effort: the error that led here is the one to tell, and `removeLeftovers` finds the file again.
            try? directory.remove(temporary)  // the error that led here counts; leftovers are cleared later
            throw error
        }
        try directory.sync()
        return outcome
    }

    private func directory(above key: ObjectKey) throws(IOFailure) -> OpenDirectory {
        var directory = root
        for component in key.components.dropLast() { directory = try directory.directory(component) }
        return directory
    }

    private func existingDirectory(_ components: [String]) throws -> OpenDirectory? {
        var directory = root
        for component in components {
            guard try directory.status(component) != nil else { return nil }
            directory = try directory.directory(component)
        }
        return directory
    }

    private func makeDirectory(above key: ObjectKey) throws -> OpenDirectory {
        var directory = root
        for component in key.components.dropLast() {
            let path = directory.path + "/" + component
            if !durable.withLock({ $0.contains(path) }) {
                _ = try directory.makeDirectory(component)
                try directory.sync()
                durable.withLock { _ = $0.insert(path) }
            }
            directory = try directory.directory(component)
        }
        return directory
    }
}
