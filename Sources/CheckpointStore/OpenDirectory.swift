// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open directory, below which every name is resolved one component at a time without following symbolic links.
///
/// So nothing done through it can reach outside, even while someone else renames and replaces things below it. Names
/// are single components; `path` is for messages only.
final class OpenDirectory: Sendable {
    let path: String
    private let descriptor: Int32
    private let gate: EffectGate

    /// Follows symbolic links in `path` itself: where a store or a checkpoint directory lies is the operator's choice.
    init(_ path: String, gate: EffectGate) throws(IOFailure) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.path = path
        self.gate = gate
        guard descriptor >= 0 else { throw .last("open directory", path) }
    }

    private init(owning descriptor: Int32, path: String, gate: EffectGate) {
        self.descriptor = descriptor
        self.path = path
        self.gate = gate
    }

    deinit { if descriptor >= 0 { _ = close(descriptor) } }

    func directory(_ name: String) throws(IOFailure) -> OpenDirectory {
        let opened = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw .last("open directory", below(name)) }
        return OpenDirectory(owning: opened, path: below(name), gate: gate)
    }

    /// Never waits: a FIFO opens at once (O_NONBLOCK) and is told apart by its status.
    func file(_ name: String) throws(IOFailure) -> OpenFile {
        let opened = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { throw .last("open", below(name)) }
        return OpenFile(owning: opened, path: below(name), gate: gate)
    }

    /// Nil when there is no such name. Does not follow a symbolic link.
    func status(_ name: String) throws(IOFailure) -> FileStatus? {
        var status = stat()
        if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(status) }
        if errno == ENOENT { return nil }
        throw .last("stat", below(name))
    }

    /// Mode 0600, or 0700 when executable, whatever the umask adds. Fails if the name is taken by anything.
    func createFile(_ name: String, executable: Bool = false) throws -> OpenFile {
        try gate.pass(.create(below(name)))
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let opened = openat(descriptor, name, flags, executable ? 0o700 : 0o600)
        guard opened >= 0 else { throw IOFailure.last("create", below(name)) }
        return OpenFile(owning: opened, path: below(name), gate: gate)
    }

    /// Mode 0700. True when it was made now, false when something of that name is there already.
    func makeDirectory(_ name: String) throws -> Bool {
        try gate.pass(.makeDirectory(below(name)))
        if mkdirat(descriptor, name, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw IOFailure.last("make directory", below(name)) }
        return false
    }

    /// Gives the file a second name, never replacing one. False when `name` is taken.
    func link(_ existing: String, as name: String) throws -> Bool {
        try gate.pass(.link(from: below(existing), to: below(name)))
        if linkat(descriptor, existing, descriptor, name, 0) == 0 { return true }
        guard errno == EEXIST else { throw IOFailure.last("link", below(name)) }
        return false
    }

    /// Renames within this directory. An empty directory of the new name is replaced.
    func rename(_ name: String, to new: String) throws {
        try gate.pass(.rename(from: below(name), to: below(new)))
        guard renameat(descriptor, name, descriptor, new) == 0 else { throw IOFailure.last("rename to", below(new)) }
    }

    /// May be repeated: a name that is not there is fine.
    func remove(_ name: String, directory: Bool = false) throws {
        try gate.pass(.remove(below(name)))
        guard unlinkat(descriptor, name, directory ? AT_REMOVEDIR : 0) == 0 || errno == ENOENT else {
            throw IOFailure.last("remove", below(name))
        }
    }

    /// Removes a directory with all that is in it, not following symbolic links.
    func removeTree(_ name: String) throws {
        let tree = try directory(name)
        for entry in try tree.names() {
            if try tree.status(entry)?.kind == .directory {
                try tree.removeTree(entry)
            } else {
                try tree.remove(entry)
            }
        }
        try remove(name, directory: true)
    }

    /// Makes the names in this directory durable, not the contents behind them.
    func sync() throws {
        try gate.pass(.syncDirectory(path))
        guard fsync(descriptor) == 0 else { throw IOFailure.last("fsync directory", path) }
    }

    /// In byte order. A name that is not UTF-8 is an error: it cannot be told to anyone.
    func names() throws(IOFailure) -> [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw .last("open directory", path) }
        guard let stream = fdopendir(copy) else {
            _ = close(copy)
            throw .last("read directory", path)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name else { throw IOFailure("read a name that is not UTF-8 in", path, code: EILSEQ) }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw .last("read directory", path) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func below(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }
}
