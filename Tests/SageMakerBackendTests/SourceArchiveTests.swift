// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import SageMakerBackend

@Suite struct SourceArchiveTests {
    @Test("tar reads the archive, and the same files give the same bytes")
    func archive() throws {
        let bench = try SageMakerBench(.init())
        defer { bench.remove() }
        let long = "pkg/" + String(repeating: "d", count: 90) + "/" + String(repeating: "f", count: 80) + ".py"
        let source = bench.directory + "/source"
        try FileManager.default.createDirectory(
            atPath: "\(source)/pkg/\(String(repeating: "d", count: 90))", withIntermediateDirectories: true)
        try Data(repeating: 7, count: 70_000).write(to: URL(filePath: "\(source)/\(long)"))
        let bytes = try SourceArchive.bytes(of: source)
        #expect(try SourceArchive.bytes(of: source) == bytes)
        let path = bench.directory + "/sourcedir.tar.gz"
        try Data(bytes).write(to: URL(filePath: path))
        let out = bench.directory + "/out"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let tar = try Process.run(URL(filePath: "/usr/bin/env"), arguments: ["tar", "-xzf", path, "-C", out])
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        for name in ["train.py", "pkg/a.py", long] {
            #expect(
                FileManager.default.contents(atPath: "\(out)/\(name)")
                    == FileManager.default.contents(atPath: "\(source)/\(name)"))
        }
    }
}
