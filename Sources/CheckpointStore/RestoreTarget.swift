// SPDX-License-Identifier: Apache-2.0

/// The directory a generation is restored into: absent or empty before, whole or unchanged afterwards.
///
/// Files are written into a directory beside it, which takes its name in one rename after everything was synced.
struct RestoreTarget: Sendable {
    let path: String
    private let parent: OpenDirectory
    private let name: String
    private var staging: String { ".\(name).restoring" }

    /// Changes nothing.
    init(_ path: String, gate: EffectGate) throws {
        let split = PathSplit.parentAndName(path)
        self.path = path
        name = split.name
        if name == "." || name == ".." {
            throw RestoreError.targetRefused(path: path, why: "it has no name of its own")
        }
        parent = try OpenDirectory(split.parent, gate: gate)
        guard let status = try parent.status(name) else { return }
        guard status.kind == .directory else {
            throw RestoreError.targetRefused(path: path, why: "it is not a directory")
        }
        if let first = try parent.directory(name).names().first {
            throw RestoreError.targetRefused(path: path, why: "it is not empty, it contains \(first)")
        }
    }

    /// An empty directory to write into. What a restore that died left there is removed.
    func stage() throws -> StagedTree {
        try discard()
        guard try parent.makeDirectory(staging) else {
            throw RestoreError.targetRefused(path: path, why: "another restore is under way")
        }
        return StagedTree(root: try parent.directory(staging))
    }

    func discard() throws {
        if try parent.status(staging) != nil { try parent.removeTree(staging) }
    }

    /// When it returns, the target is the staged tree, and stays so through a power loss.
    func publish() throws {
        try parent.rename(staging, to: name)
        try parent.sync()
    }
}

/// A tree under construction. Nothing in it exists beforehand, so every name is created, never opened.
struct StagedTree {
    private let root: OpenDirectory
    private var directories: [[String]] = []

    init(root: OpenDirectory) { self.root = root }

    mutating func createFile(_ path: TreePath, executable: Bool) throws -> OpenFile {
        var directory = root
        let above = path.components.dropLast()
        for (depth, component) in above.enumerated() {
            if try directory.makeDirectory(component) { directories.append(Array(above.prefix(depth + 1))) }
            directory = try directory.directory(component)
        }
        return try directory.createFile(path.components[path.components.count - 1], executable: executable)
    }

    /// Makes all the names durable; the files have been synced one by one.
    func sync() throws {
        for components in directories {
            var directory = root
            for component in components { directory = try directory.directory(component) }
            try directory.sync()
        }
        try root.sync()
    }
}
