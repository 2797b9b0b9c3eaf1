// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import ProcessSupervision

/// Makes one archive of a model directory in SageMaker's shape: its files at the archive's root, tar and gzip.
///
/// The same files give the same bytes: order, owner, modes and times are fixed, and gzip keeps no name.
package enum ModelPacker {
    /// Blocks; the calling thread must live as long.
    package static func pack(_ model: String, to path: String, until isCalledOff: () -> Bool) throws {
        let tar = ShelfFiles.aside(path) + ".tar"
        let packed = tar + ".gz"
        try ShelfFiles.remove(tar)
        try ShelfFiles.remove(packed)
        // A command line holds about two megabytes of names, a list any number. With `--null`, tar takes each name as a
        // name, also one that begins with a dash.
        let list = tar + ".names"
        let names = try FileManager.default.contentsOfDirectory(atPath: model).sorted()
        try ShelfFiles.write(names.flatMap { Array($0.utf8) + [0] }, to: list)
        defer { try? ShelfFiles.remove(list) }  // what is left is replaced by the next try
        try run(
            "tar",
            [
                "--create", "--file=\(tar)", "--format=pax", "--pax-option=delete=atime,delete=ctime", "--sort=name",
                "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX", "--directory=\(model)",
                "--null", "--files-from=\(list)",
            ], isCalledOff)
        try run("gzip", ["--no-name", tar], isCalledOff)
        try ShelfFiles.synchronize(packed)
        try ShelfFiles.moveIntoPlace(packed, path)
    }

    private static func run(_ name: String, _ arguments: [String], _ isCalledOff: () -> Bool) throws {
        guard let program = ProgramPath.find(name, in: nil) else {
            throw ShelfError.cannotPack("there is no \(name) in PATH")
        }
        let run = try SupervisedRun.start(
            executable: program, arguments: arguments, environment: ["LC_ALL": "C", "PATH": ProgramPath.standard],
            directory: nil)
        switch run.wait(atMost: nil, until: isCalledOff) {
        case .ended(.exited(0)): return
        case .calledOff: throw CalledOff()
        case .ended, .tookTooLong:
            throw ShelfError.cannotPack("\(name) failed: \(run.lastLines(3).joined(separator: "; "))")
        }
    }
}
