// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the file system says about a file. Two equal answers mean: the same file, not written to in between, as far as
/// the file system's clock can tell (its tick is up to 4 ms before Linux 6.13).
struct FileStatus: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case regular, directory, symbolicLink, other }

    var kind: Kind
    var bytes: Int64
    var executable: Bool
    private var device: UInt64
    private var inode: UInt64
    private var modified: [Int]
    private var changed: [Int]

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .other
            }
        bytes = Int64(status.st_size)
        executable = status.st_mode & S_IXUSR != 0
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(status.st_ino)
        #if canImport(Darwin)
            modified = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
            changed = [status.st_ctimespec.tv_sec, status.st_ctimespec.tv_nsec]
        #else
            modified = [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
            changed = [Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec)]
        #endif
    }
}
