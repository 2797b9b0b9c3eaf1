// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ProcessSupervision
import TrainingAgent

/// Unpacks a `sourcedir.tar.gz` that anybody may have made. Nothing is written outside the directory, no device, pipe
/// or set-id file is made, and it ends before a bomb fills the disk.
enum SourceArchive {
    struct Limits: Sendable {
        /// Of all files together.
        var bytes: Int64 = 2 << 30
        var entries = 100_000
    }

    struct Refused: Error, CustomStringConvertible {
        var why: String
        var description: String { "sourcedir.tar.gz was not unpacked: \(why)" }
    }

    /// Blocks; the calling thread must live as long. What was unpacked before something was refused stays.
    static func unpack(_ archive: String, into directory: String, path: String, limits: Limits = Limits()) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Refused(why: String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let pid: Int32
        do {
            pid = try SpawnRequest(
                executable: try Executable.find("gzip", path: path), arguments: ["-dc", archive],
                environment: ["LC_ALL": "C"], directory: nil, output: ends[1], tie: .diesWithParent
            ).spawn()
        } catch {
            ends.forEach { _ = close($0) }
            throw Refused(why: String(describing: error))
        }
        close(ends[1])
        var status: Int32 = 0
        do {
            var reader = ArchiveReader(input: ends[0], directory: directory, limits: limits)
            defer {
                close(ends[0])
                kill(pid, SIGKILL)
                while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            }
            try reader.unpack()
            // What follows the end is read, or gzip would die of a pipe that nobody reads.
            try reader.drain()
        } catch let refused as Refused {
            throw refused
        } catch {
            throw Refused(why: String(describing: error))
        }
    }
}

/// One walk through an unpacked stream.
private struct ArchiveReader {
    private static let longest: Int64 = 1 << 20

    let input: Int32
    let directory: String
    let limits: SourceArchive.Limits
    private var bytes: Int64 = 0
    private var entries = 0

    init(input: Int32, directory: String, limits: SourceArchive.Limits) {
        self.input = input
        self.directory = directory
        self.limits = limits
    }

    mutating func unpack() throws {
        var extended: [String: String] = [:]
        while let block = try block(orEnd: true), var header = try TarHeader(block) {
            entries += 1
            guard entries <= limits.entries else {
                throw SourceArchive.Refused(why: "it has more than \(limits.entries) entries")
            }
            switch header.kind {
            case .extended: extended.merge(try TarHeader.extended(try short(header.bytes))) { $1 }
            case .longName: extended["path"] = TarHeader.text(try short(header.bytes)[...])
            case .longLink: extended["linkpath"] = TarHeader.text(try short(header.bytes)[...])
            case .global: _ = try short(header.bytes)
            case .file, .directory, .symbolicLink, .hardLink, .other:
                try header.apply(extended)
                extended = [:]
                try make(header)
            }
        }
        guard entries > 0 else { throw TarHeader.Damaged() }
    }

    mutating func drain() throws {
        while try !read(upTo: 64 << 10).isEmpty { try count(0) }
    }

    private mutating func make(_ header: TarHeader) throws {
        // The archive's own root.
        if header.kind == .directory, header.name.allSatisfy({ $0 == "." || $0 == "/" }), !header.name.contains("..") {
            return
        }
        guard let parts = SafePath.parts(of: header.name) else {
            throw SafePath.Refused(path: header.name, why: "leads out of the archive")
        }
        let place = try SafePath.prepare(parts, below: directory, named: header.name)
        switch header.kind {
        case .directory:
            try SafePath.makeDirectory(place, named: header.name)
        case .file:
            try write(header, to: place)
        case .symbolicLink:
            try checkLink(header.link, from: parts.dropLast().map { $0 }, named: header.name)
            unlink(place)
            guard symlink(header.link, place) == 0 else { throw failure(header.name) }
        case .hardLink:
            guard let target = SafePath.parts(of: header.link) else {
                throw SafePath.Refused(path: header.name, why: "links to \"\(header.link)\", outside of the archive")
            }
            let source = try SafePath.prepare(target, below: directory, named: header.link)
            unlink(place)
            guard linkat(AT_FDCWD, source, AT_FDCWD, place, 0) == 0 else { throw failure(header.name) }
        case .extended, .longName, .longLink, .global, .other:
            throw SafePath.Refused(path: header.name, why: "is a device, a pipe or something else that source is not")
        }
    }

    private func checkLink(_ link: String, from parts: [String], named name: String) throws {
        var depth = parts.count
        let steps = link.split(separator: "/").filter { $0 != "." }
        var isInside = !link.hasPrefix("/") && !link.isEmpty && !link.utf8.contains(0)
        for step in steps {
            depth += step == ".." ? -1 : 1
            if depth < 0 { isInside = false }
        }
        guard isInside else {
            throw SafePath.Refused(path: name, why: "links to \"\(link)\", outside of the archive")
        }
    }

    private mutating func write(_ header: TarHeader, to place: String) throws {
        try count(header.bytes)
        unlink(place)
        let mode = mode_t(header.mode & 0o777) | 0o600
        let output = open(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard output >= 0 else { throw failure(header.name) }
        defer { close(output) }
        var left = header.bytes
        while left > 0 {
            let chunk = try read(upTo: Int(min(left, 64 << 10)))
            guard !chunk.isEmpty else { throw TarHeader.Damaged() }
            left -= Int64(chunk.count)
            var rest = chunk[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure(header.name) }
                rest = rest.dropFirst(count)
            }
        }
        try skipPadding(header.bytes)
    }

    private mutating func count(_ more: Int64) throws {
        bytes += more
        guard more >= 0, bytes <= limits.bytes else {
            throw SourceArchive.Refused(why: "it unpacks to more than \(limits.bytes >> 20) MiB")
        }
    }

    /// The content of a header that speaks of another.
    private mutating func short(_ size: Int64) throws -> [UInt8] {
        guard size <= Self.longest else { throw TarHeader.Damaged() }
        var content: [UInt8] = []
        while content.count < Int(size) {
            let chunk = try read(upTo: Int(size) - content.count)
            guard !chunk.isEmpty else { throw TarHeader.Damaged() }
            content += chunk
        }
        try skipPadding(size)
        return content
    }

    private mutating func skipPadding(_ size: Int64) throws {
        var left = Int((512 - size % 512) % 512)
        while left > 0 {
            let chunk = try read(upTo: left)
            guard !chunk.isEmpty else { throw TarHeader.Damaged() }
            left -= chunk.count
        }
    }

    private mutating func block(orEnd: Bool) throws -> [UInt8]? {
        var block: [UInt8] = []
        while block.count < TarHeader.size {
            let chunk = try read(upTo: TarHeader.size - block.count)
            if chunk.isEmpty {
                guard block.isEmpty, orEnd else { throw TarHeader.Damaged() }
                return nil
            }
            block += chunk
        }
        return block
    }

    private func read(upTo count: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        while true {
            let got = Glibc.read(input, &buffer, count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw TarHeader.Damaged() }
            return Array(buffer[..<got])
        }
    }

    private func failure(_ name: String) -> SafePath.Refused {
        SafePath.Refused(path: name, why: "cannot be written: \(String(cString: strerror(errno)))")
    }
}
