// SPDX-License-Identifier: Apache-2.0

package import Digests
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file to commit, below the directory that is committed.
package struct SourceFile: Hashable, Sendable {
    package var path: String
    /// The SHA-256 its writer promised, for example in a completion marker; nil when nothing was promised.
    package var expected: Digest?

    package init(path: String, expected: Digest?) {
        self.path = path
        self.expected = expected
    }
}

/// The directory that training writes its checkpoints into. What lies in it is not trusted: training code may replace
/// a file by a symbolic link or a FIFO at any moment, or still be writing to it.
struct SourceTree: Sendable {
    private let root: OpenDirectory

    init(_ path: String) throws(IOFailure) {
        root = try OpenDirectory(path, gate: .open)
    }

    /// Follows no symbolic link in any component, waits for nothing, and takes regular files only.
    func open(_ path: TreePath) throws -> OpenFile {
        do {
            var directory = root
            for component in path.components.dropLast() { directory = try directory.directory(component) }
            let file = try directory.file(path.components[path.components.count - 1])
            guard try file.status().kind == .regular else {
                throw CommitError.sourceRefused(path: path.text, why: "it is not a regular file")
            }
            return file
        } catch let failure as IOFailure {
            let why: String? =
                switch failure.code {
                case ELOOP, ENOTDIR: "a symbolic link or a file stands in the place of a component"
                case ENOENT: "there is no such file"
                case ENXIO, ENODEV: "it is not a regular file"
                default: nil
                }
            guard let why else { throw failure }
            throw CommitError.sourceRefused(path: path.text, why: why)
        }
    }

    /// Of the file which the path names now; nil when it names none that could be committed.
    func status(_ path: TreePath) -> FileStatus? {
        // Whatever the reason, it is not the file that was read.
        try? open(path).status()  // one that cannot be opened could not be committed
    }
}
