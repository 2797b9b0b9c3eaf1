// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The transfer tools that people use.
@Suite(.timeLimit(.minutes(3))) struct ToolsTests {
    /// Files of all sizes, one above the threshold from which tools upload in parts.
    private static func tree(at path: String) throws {
        try FileManager.default.createDirectory(atPath: path + "/sub dir", withIntermediateDirectories: true)
        for (name, count) in [("a", 0), ("b.txt", 10), ("sub dir/c ü", 100_000), ("big", 9 << 20)] {
            let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
            try bytes.write(to: URL(filePath: path + "/" + name))
        }
    }

    @Test("aws s3 copies, synchronises and lists")
    func awscli() throws {
        guard let aws = try ServedStage.program("aws") else { return }
        let stage = try ServedStage()
        let (there, back) = (stage.directory + "/there", stage.directory + "/back")
        try Self.tree(at: there)
        func run(_ words: String...) throws -> String {
            let ran = try stage.inEnvironment([aws] + words)
            #expect(ran.status == 0, "\(words): \(ran.output)\(ran.errors)")
            return ran.output
        }
        _ = try run("s3", "mb", "s3://tools")
        _ = try run("s3", "sync", there, "s3://tools/p", "--only-show-errors")
        _ = try run("s3", "cp", "s3://tools/p/big", "s3://tools/q/big", "--only-show-errors")
        let list = try run("s3", "ls", "--recursive", "s3://tools/")
        #expect(list.split(separator: "\n").count == 5, "\(list)")
        #expect(try run("s3", "ls", "s3://tools/p/").contains("PRE sub dir/"))
        _ = try run("s3", "sync", "s3://tools/p", back, "--only-show-errors")
        #expect(try ServedStage.run(["diff", "-r", there, back]).output == "")
        #expect(try run("s3", "sync", there, "s3://tools/p", "--dryrun") == "")
        _ = try run("s3", "rb", "--force", "s3://tools")
    }

    @Test("s5cmd copies, lists and removes")
    func s5cmd() throws {
        guard let s5cmd = try ServedStage.program("s5cmd") else { return }
        let stage = try ServedStage()
        let (there, back) = (stage.directory + "/there", stage.directory + "/back")
        try Self.tree(at: there)
        func run(_ words: String...) throws -> String {
            let ran = try stage.inEnvironment([s5cmd, "--endpoint-url", "http://127.0.0.1:\(stage.port)"] + words)
            #expect(ran.status == 0, "\(words): \(ran.output)\(ran.errors)")
            return ran.output
        }
        _ = try run("mb", "s3://tools")
        _ = try run("cp", "-p", "5", there + "/", "s3://tools/p/")
        #expect(try run("ls", "s3://tools/p/*").split(separator: "\n").count == 4)
        _ = try run("cp", "-p", "5", "s3://tools/p/*", back + "/")
        #expect(try ServedStage.run(["diff", "-r", there, back]).output == "")
        _ = try run("rm", "s3://tools/*")
        _ = try run("rb", "s3://tools")
    }
}
