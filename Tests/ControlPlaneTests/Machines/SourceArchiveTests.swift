// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ControlPlane

/// Archives as Python's `tarfile` makes them, friendly and hostile.
@Suite final class SourceArchiveTests: Sendable {
    private let directory = NSTemporaryDirectory() + "archive-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private var place: String { directory + "/out" }

    /// Unpacks what the Python statements put into `tar`; `f(name, data)` makes a file's entry.
    private func unpack(_ statements: String, limits: SourceArchive.Limits = SourceArchive.Limits()) throws {
        let script = """
            import io, sys, tarfile
            def entry(name, kind=tarfile.REGTYPE, link="", data=b"", mode=0o644):
                info = tarfile.TarInfo(name)
                info.type, info.linkname, info.size, info.mode = kind, link, len(data), mode
                tar.addfile(info, io.BytesIO(data))
            with tarfile.open(sys.argv[1], "w:gz", format=getattr(tarfile, sys.argv[2])) as tar:
                pass
                \(statements.replacing("\n", with: "\n    "))
            """
        for format in ["PAX_FORMAT", "GNU_FORMAT"] {
            try? FileManager.default.removeItem(atPath: place)
            try Tools.run("python3", ["-c", script, directory + "/a.tar.gz", format])
            try SourceArchive.unpack(
                directory + "/a.tar.gz", into: place, path: "/usr/local/bin:/usr/bin:/bin", limits: limits)
        }
    }

    private func text(_ name: String) -> String? { try? String(contentsOfFile: place + "/" + name, encoding: .utf8) }

    @Test("Files come out with their bytes, their directories and their execute bit, whatever their names")
    func friendly() throws {
        try unpack(
            """
            entry("./", tarfile.DIRTYPE)
            entry("train.py", data=b"print(1)")
            entry("./pkg/deep/x.py", data=b"x" * 2000)
            entry("run.sh", data=b"#!/bin/sh", mode=0o755)
            entry("n" * 120 + "/" + "m" * 150 + ".py", data=b"long")
            entry("\u{e9}\u{1F642}.txt", data=b"utf8")
            entry("link.py", tarfile.SYMTYPE, "pkg/deep/x.py")
            entry("hard.py", tarfile.LNKTYPE, "train.py")
            entry("train.py", data=b"print(2)")
            entry("empty")
            """)
        #expect(text("train.py") == "print(2)" && text("hard.py") == "print(1)")
        #expect(text("pkg/deep/x.py")?.count == 2000 && text("link.py")?.count == 2000)
        #expect(FileManager.default.isExecutableFile(atPath: place + "/run.sh"))
        #expect(!FileManager.default.isExecutableFile(atPath: place + "/train.py"))
        #expect(text(String(repeating: "n", count: 120) + "/" + String(repeating: "m", count: 150) + ".py") == "long")
        #expect(text("\u{e9}\u{1F642}.txt") == "utf8" && text("empty") == "")
    }

    @Test(
        "What leads out of the archive is refused, and nothing is written there",
        arguments: [
            "entry('../evil', data=b'x')", "entry('a/../../evil', data=b'x')", "entry('/tmp/stage-evil', data=b'x')",
            "entry('a', tarfile.SYMTYPE, '..'); entry('a/evil', data=b'x')",
            "entry('a', tarfile.SYMTYPE, '/tmp'); entry('a/stage-evil', data=b'x')",
            "entry('b', tarfile.DIRTYPE); entry('a', tarfile.SYMTYPE, 'b'); entry('a/x', data=b'x')",
            "entry('a/b', tarfile.SYMTYPE, '../../x')", "entry('a', tarfile.LNKTYPE, '../evil')",
            "entry('a', tarfile.LNKTYPE, '/etc/passwd')", "entry('a', tarfile.CHRTYPE)", "entry('a', tarfile.FIFOTYPE)",
            "entry('a', tarfile.BLKTYPE)", "entry('')", "entry('a', data=b'x'); entry('a/b', data=b'x')",
        ])
    func hostile(statements: String) throws {
        #expect(throws: SourceArchive.Refused.self) { try unpack(statements) }
        #expect(!FileManager.default.fileExists(atPath: directory + "/evil"))
        #expect(!FileManager.default.fileExists(atPath: "/tmp/stage-evil"))
        #expect(!FileManager.default.fileExists(atPath: place + "/b/x"))
    }

    @Test("No set-id bit comes out")
    func modes() throws {
        try unpack("entry('su', data=b'x', mode=0o6777)")
        var status = stat()
        #expect(lstat(place + "/su", &status) == 0 && status.st_mode & 0o7000 == 0)
    }

    @Test("A bomb ends before it fills the disk, of bytes as of entries")
    func bombs() throws {
        let small = SourceArchive.Limits(bytes: 1 << 20, entries: 100)
        let bytes = #expect(throws: SourceArchive.Refused.self) {
            try unpack("entry('zeros', data=bytes(4 << 20))", limits: small)
        }
        #expect(bytes?.description == "sourcedir.tar.gz was not unpacked: it unpacks to more than 1 MiB")
        #expect(!FileManager.default.fileExists(atPath: place + "/zeros"))
        let entries = #expect(throws: SourceArchive.Refused.self) {
            try unpack("for i in range(200): entry(f'f{i}')", limits: small)
        }
        #expect(entries?.why == "it has more than 100 entries")
    }

    @Test("What is no archive is refused, whole or cut off")
    func damaged() throws {
        try Data("no archive".utf8).write(to: URL(filePath: directory + "/x"))
        try Tools.run("gzip", ["-k", directory + "/x"])
        for name in ["/x", "/x.gz", "/missing"] {
            #expect(throws: SourceArchive.Refused.self) {
                try SourceArchive.unpack(directory + name, into: place, path: "/usr/bin:/bin")
            }
        }
        try unpack("entry('big', data=bytes(range(256)) * 4000)")
        let whole = try Data(contentsOf: URL(filePath: directory + "/a.tar.gz"))
        for part in [20, whole.count / 2, whole.count - 30] {
            try whole.prefix(part).write(to: URL(filePath: directory + "/cut.gz"))
            #expect(throws: SourceArchive.Refused.self) {
                try SourceArchive.unpack(directory + "/cut.gz", into: place, path: "/usr/bin:/bin")
            }
        }
    }
}
